// `e2e` runs the foundation's end-to-end tests; `e2e n8n` (action, deadline, maya) those of one adapter, `e2e docs` those of the site.
import { globSync } from "node:fs";
import { installN8n } from "./lib/install-n8n.ts";
import { run } from "./lib/run.ts";
import {
  BLENDER,
  BUBBLEWRAP,
  CHROMIUM,
  installSystemPackages,
  POSTGRES,
  PYTHON,
  REDIS,
  UNZIP,
} from "./lib/system-packages.ts";

const ADAPTER_FOLDERS: Readonly<Record<string, string>> = {
  n8n: "packages/n8n-node",
  action: "packages/github-action",
  deadline: "packages/deadline-plugin",
  maya: "packages/maya-bridge",
  docs: "docs",
};

const [adapter, ...filters] = process.argv.slice(2);
const folders = selectFolders(adapter);
if (folders.every((folder) => globSync(`${folder}/e2e/**/*.e2e.test.ts`).length === 0)) {
  fail(`${folders.join(", ")} has no end-to-end tests yet.`);
}
const programs = [
  BLENDER,
  BUBBLEWRAP,
  UNZIP,
  CHROMIUM,
  PYTHON,
  ...(adapter === "n8n" ? [POSTGRES, REDIS] : []),
];
for (const { advice } of await installSystemPackages(programs)) console.error(advice);
if (adapter === "n8n") await installN8n().catch(({ message }: Error) => fail(message));
const built = await run("turbo", ["run", "build", "--output-logs=errors-only"]);
process.exit(built || (await run("vitest", ["run", "--project", "e2e", ...folders, ...filters])));

function selectFolders(name: string | undefined): string[] {
  if (name === undefined) return ["packages/core", "packages/sandbox", "packages/cli"];
  const folder = ADAPTER_FOLDERS[name];
  if (folder) return [folder];
  console.error(`There is no adapter "${name}": ${Object.keys(ADAPTER_FOLDERS).join(", ")}.`);
  process.exit(2);
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

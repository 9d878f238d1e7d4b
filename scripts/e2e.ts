// `e2e` runs the foundation's end-to-end tests; `e2e n8n` those of one adapter, `e2e docs` those of the site.
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

/** Each adapter, and what stands in for its host. */
const ADAPTERS: Readonly<Record<string, readonly string[]>> = {
  n8n: ["packages/n8n-node", "hosts/n8n"],
  action: ["packages/github-action", "hosts/github-runner"],
  deadline: ["packages/deadline-plugin", "hosts/deadline"],
  maya: ["packages/maya-bridge", "hosts/maya"],
  docs: ["docs"],
};

const [adapter, ...filters] = process.argv.slice(2);
const folders = selectFolders(adapter);
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

function selectFolders(name: string | undefined): readonly string[] {
  if (name === undefined) return ["packages/core", "packages/sandbox", "packages/cli", "examples"];
  const folders = ADAPTERS[name];
  if (folders) return folders;
  console.error(`There is no adapter "${name}": ${Object.keys(ADAPTERS).join(", ")}.`);
  process.exit(2);
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

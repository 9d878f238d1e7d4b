// Packs the published packages as a release would, installs them in an empty folder and uses them there.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, run, runQuietly } from "./lib/run.ts";

const USE = `
import { expandFrames } from "@renderjuice/core";
import { openSource } from "@renderjuice/core/node";
import { createSandbox } from "@renderjuice/sandbox";
await using sandbox = await createSandbox({ renderer: "simulated" });
const response = await fetch(sandbox.url + "/jobs", { headers: { authorization: "Bearer " + sandbox.apiKeys[0] } });
if (response.status !== 200) throw new Error("The sandbox answers " + response.status);
if (expandFrames("1-3").length !== 3 || typeof openSource !== "function") throw new Error("core is broken");
`;

const folder = mkdtempSync(join(tmpdir(), "renderjuice-pack-"));
try {
  for (const path of findPackages()) {
    if (await runQuietly("pnpm", ["--dir", path, "pack", "--pack-destination", folder])) fail("pack");
  }
  const tarballs = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  const dependencies = Object.fromEntries(
    tarballs.map((name) => [
      name.replace(/^renderjuice-([a-z-]+)-\d.*/, "@renderjuice/$1"),
      `file:./${name}`,
    ]),
  );
  const manifest = { private: true, type: "module", dependencies, overrides: dependencies };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(folder, "use.mjs"), USE);
  if (await runQuietly("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund"])) fail("install");
  if (await run("node", ["use.mjs"], { cwd: folder })) fail("import");
  for (const program of readdirSync(join(folder, "node_modules/.bin")).filter(isOurs)) {
    if (await run(join(folder, "node_modules/.bin", program), ["--version"], { cwd: folder }))
      fail(`${program} --version`);
  }
  for (const name of ["custom", "plugins"]) mkdirSync(join(folder, "repository", name), { recursive: true });
  const install = ["install", "--repository", join(folder, "repository")];
  if (await runQuietly(join(folder, "node_modules/.bin/renderjuice-deadline"), install))
    fail("renderjuice-deadline install");
  console.log(`Packed, installed and used: ${tarballs.join(", ")}`);
} finally {
  rmSync(folder, { recursive: true });
}

/** All that are published but for the n8n node, which brings nothing and runs in n8n alone. */
function findPackages(): string[] {
  return readdirSync(join(root, "packages"))
    .map((name) => join(root, "packages", name))
    .filter((path) => {
      const manifest = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
      return manifest.private !== true && manifest.name.startsWith("@renderjuice/");
    });
}

function isOurs(program: string): boolean {
  return /^renderjuice[a-z-]*$/.test(program);
}

function fail(what: string): never {
  console.error(`The packed packages do not work: ${what}`);
  process.exit(1);
}

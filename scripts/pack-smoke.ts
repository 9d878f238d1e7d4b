// Packs the published packages as a release would, installs them in an empty folder and uses them there.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, run, runQuietly } from "./lib/run.ts";

const PACKAGES = ["core", "frames", "sandbox", "cli", "deadline-plugin", "maya-bridge"];

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
  for (const name of PACKAGES) {
    if (
      await runQuietly("pnpm", ["--dir", join(root, "packages", name), "pack", "--pack-destination", folder])
    )
      fail("pack");
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
  if (await run(join(folder, "node_modules/.bin/renderjuice"), ["--version"], { cwd: folder }))
    fail("renderjuice --version");
  for (const name of ["custom", "plugins"]) mkdirSync(join(folder, "repository", name), { recursive: true });
  const install = ["install", "--repository", join(folder, "repository")];
  if (await runQuietly(join(folder, "node_modules/.bin/renderjuice-deadline"), install))
    fail("renderjuice-deadline install");
  if (await run(join(folder, "node_modules/.bin/renderjuice-maya"), ["--version"], { cwd: folder }))
    fail("renderjuice-maya --version");
  console.log(`Packed, installed and used: ${tarballs.join(", ")}`);
} finally {
  rmSync(folder, { recursive: true });
}

function fail(what: string): never {
  console.error(`The packed packages do not work: ${what}`);
  process.exit(1);
}

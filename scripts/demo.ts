// The main job on this machine: a sandbox comes up, a scene goes in, Blender renders, frames come out.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { root, run, runQuietly } from "./lib/run.ts";
import { BLENDER, BUBBLEWRAP, installSystemPackages } from "./lib/system-packages.ts";

const SCENE = "examples/scenes/orange-juice.blend";
const OUTPUT = "demo-output";

const missing = await installSystemPackages([BLENDER, BUBBLEWRAP]);
const isSimulated = missing.includes(BLENDER);
if (isSimulated) {
  console.error(`! Blender is not installed, so the frames below are SIMULATED.\n  ${BLENDER.advice}\n`);
}
if (await runQuietly("turbo", ["run", "build", "--filter=@renderjuice/cli..."])) process.exit(1);

rmSync(join(root, OUTPUT), { recursive: true, force: true });
// Imported now: before the build there is nothing to import.
const { createSandbox } = await import("@renderjuice/sandbox");
await using sandbox = await createSandbox({
  renderer: isSimulated ? "simulated" : "blender",
  dataDir: join(root, OUTPUT, "sandbox"),
});
console.error(`The sandbox is up at ${sandbox.url} (its playground: ${sandbox.docsUrl}).\n`);

const submit = [
  "submit",
  SCENE,
  "--out",
  `${OUTPUT}/frames`,
  "--contact-sheet",
  `${OUTPUT}/contact-sheet.png`,
];
console.error(`$ renderjuice ${submit.join(" ")}\n`);
const code = await run("node", ["packages/cli/dist/main.js", ...submit], {
  env: { ...process.env, RENDERJUICE_API_URL: sandbox.url, RENDERJUICE_API_KEY: sandbox.apiKeys[0] },
});
if (code === 0) {
  console.log(`\n${isSimulated ? "SIMULATED frames" : "Frames"}:  ${join(root, OUTPUT, "frames")}`);
  console.log(`Contact sheet: ${join(root, OUTPUT, "contact-sheet.png")}`);
}
process.exitCode = code;

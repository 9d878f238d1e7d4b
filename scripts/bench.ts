// Speed and memory as ratios, measured in one run; bench/README.md says what and how. Takes names of benchmarks.
import { installN8n } from "./lib/install-n8n.ts";
import { run, runQuietly } from "./lib/run.ts";
import { ARIA2, BLENDER, CURL, installSystemPackages, ZIP } from "./lib/system-packages.ts";

const NAMES = [
  "start",
  "action-start",
  "upload",
  "pack",
  "download",
  "memory",
  "blend",
  "poller",
  "n8n-memory",
  "deadline-event",
];

const missing = await installSystemPackages([CURL, ARIA2, BLENDER, ZIP]);
for (const { advice } of missing) console.error(advice);
if (missing.length > 0) process.exit(1);
if (await runQuietly("turbo", ["run", "build"])) process.exit(1);

const asked = process.argv.slice(2);
const names = asked.length > 0 ? asked : NAMES;
if (names.includes("n8n-memory")) await installN8n();
for (const name of names) {
  if (!NAMES.includes(name)) {
    console.error(`There is no benchmark "${name}": ${NAMES.join(", ")}.`);
    process.exit(2);
  }
  if (await run("node", [`bench/${name}.ts`])) process.exit(1);
}

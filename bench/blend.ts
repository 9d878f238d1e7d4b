// How long it takes to know what is in a scene of 2 GiB, and how much memory, next to Blender that starts and prints it.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { compare, report, timeProgram, withFolder } from "./measure.ts";

const GIBIBYTES = "2";
const MAKE_SCENE = fileURLToPath(new URL("make-heavy-scene.py", import.meta.url));
const INSPECT = fileURLToPath(new URL("blend-child.ts", import.meta.url));
const BLENDER = process.env.RENDERJUICE_BLENDER ?? "blender";
const PRINT = "import bpy; s = bpy.context.scene; print(s.render.engine, s.frame_start, s.frame_end)";
const AIMS = [
  { name: "plain", maxSeconds: 1 },
  { name: "zstd", maxSeconds: 2 },
];

await withFolder(async (folder) => {
  const make = ["-b", "--factory-startup", "--python-exit-code", "1", "--python", MAKE_SCENE];
  await timeProgram(BLENDER, [...make, "--", folder, GIBIBYTES]);
  for (const { name, maxSeconds } of AIMS) {
    const scene = join(folder, `${name}.blend`);
    const what = `facts of ${GIBIBYTES} GiB, ${name}`;
    let peakMiB = 0;
    const { facts } = await compare(5, {
      // In a new process each time, so that nothing is warm but the page cache.
      facts: async () => {
        const { stdout } = await promisify(execFile)(process.execPath, [INSPECT, scene]);
        const [seconds = Number.NaN, memoryMiB = Number.NaN] = stdout.split(" ").map(Number);
        peakMiB = Math.max(peakMiB, memoryMiB);
        return seconds;
      },
    });
    report(what, `${facts.toFixed(2)} s`, `<= ${maxSeconds} s`, facts <= maxSeconds);
    report(`${what}: peak memory`, `${Math.round(peakMiB)} MiB`, "<= 150 MiB", peakMiB <= 150);
    const { blender } = await compare(1, {
      blender: () => timeProgram(BLENDER, ["-b", scene, "--python-expr", PRINT]),
    });
    const ratio = blender / facts;
    report(`${what}: speed relative to Blender`, ratio.toFixed(0), ">= 20", ratio >= 20);
  }
});

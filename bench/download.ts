// How fast 1,000 small frames come down, next to aria2c and curl. Ours are also checked, synced and renamed.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Job } from "@renderjuice/core/node";
import { compare, report, timeOf, timeProgram, withFarm, withFolder } from "./measure.ts";

const FRAMES = 1000;
const FRAME_BYTES = 100_000;

await withFolder((folder) =>
  withFarm({ FRAMES: String(FRAMES), FRAME_BYTES: String(FRAME_BYTES) }, async (url, client) => {
    const out = join(folder, "out");
    const names = Array.from(
      { length: FRAMES },
      (_, index) => `shot_${String(index + 1).padStart(4, "0")}.png`,
    );
    const list = join(folder, "urls.txt");
    const config = join(folder, "curl.txt");
    writeFileSync(list, names.map((name) => `${url}/frames/${name}\n  out=${name}\n`).join(""));
    writeFileSync(
      config,
      names.map((name) => `url=${url}/frames/${name}\noutput=${join(out, name)}\n`).join(""),
    );
    /** An empty folder each time; not part of what is timed. */
    const into = (run: () => Promise<number>) => async () => {
      rmSync(out, { recursive: true, force: true });
      mkdirSync(out);
      const seconds = await run();
      const arrived = readdirSync(out).filter((name) => name.endsWith(".png")).length;
      if (arrived !== FRAMES) throw new Error(`${arrived} of ${FRAMES} frames arrived.`);
      return seconds;
    };
    const job = { id: "job-0", status: "completed" } as Job;
    const seconds = await compare(5, {
      aria2c: into(() => timeProgram("aria2c", ["-q", "-j16", "--no-conf", "-d", out, "-i", list])),
      curl: into(() => timeProgram("curl", ["-sS", "--fail", "-Z", "--parallel-max", "16", "-K", config])),
      renderjuice: into(() => timeOf(() => drain(client.download(job, { outDir: out })))),
    });
    const speed = (name: keyof typeof seconds) => `${Math.round(FRAMES / seconds[name])} frames/s`;
    console.log(
      `  aria2c -j16 ${speed("aria2c")}, curl -Z ${speed("curl")}, renderjuice ${speed("renderjuice")}`,
    );
    const toAria = seconds.aria2c / seconds.renderjuice;
    const toCurl = seconds.curl / seconds.renderjuice;
    report("download of 1,000 frames, speed relative to aria2c -j16", toAria.toFixed(2), ">= 2", toAria >= 2);
    report("download of 1,000 frames, speed relative to curl -Z", toCurl.toFixed(2), ">= 0.4", toCurl >= 0.4);
  }),
);

async function drain(events: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of events);
}

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { PNG } from "pngjs";
import { describe, expect, test } from "vitest";
import { findPython, findPythons } from "../../../hosts/lib/pythons.ts";
import { hasBlender } from "../../../hosts/lib/test-programs.ts";
import { openStudio } from "./studio.ts";

const canRender = await hasBlender();

describe.each(findPythons("deadline"))(
  "with Python $version, a job that fails on the farm",
  ({ executable: python }) => {
    // One version is enough to see that the pictures are real.
    const renderer = canRender && python === findPython("deadline") ? "blender" : "simulated";

    test(`is rendered in the cloud (${renderer}), its frames arrive, and the comp is released`, async () => {
      await using studio = await openStudio({
        python,
        sandbox: { renderer },
        events: { FallBackOnFailure: true },
      });
      const { farm, sandbox, outDir } = studio;
      const original = await studio.submitBlender();
      const comp = await studio.submitComp(original);

      await farm.failLocally(original, "Error: Out of memory in CUDA queue");
      const helper = await studio.helperOf(original);
      expect(helper).toMatchObject({
        JobPlugin: "Renderjuice",
        JobName: "shot 010 [Renderjuice]",
        JobStatus: "Active",
      });
      expect(await farm.scanPending()).toEqual([]);

      const task = await farm.runTask(helper?.JobId ?? "");
      const { status, message, progress, lines } = await task.outcome;
      expect({ status, message }).toEqual({ status: "completed", message: "" });
      expect(progress.at(-1)).toBe(100);
      expect(progress).toEqual([...progress].sort((a, b) => a - b));
      expect(lines.join("\n")).not.toContain(studio.apiKey);

      const names = (await readdir(outDir)).filter((name) => !name.startsWith("."));
      expect(names).toEqual(["shot_0001.png", "shot_0002.png", "shot_0003.png"]);
      if (renderer === "blender") {
        const { width, height } = PNG.sync.read(await readFile(join(outDir, "shot_0001.png")));
        expect([width, height]).toEqual([480, 270]);
      }
      expect(sandbox.statistics.rendersStarted).toBe(1);

      expect(await farm.job(original)).toMatchObject({ JobStatus: "Completed" });
      expect(await farm.scanPending()).toEqual([comp]);
      const done = await farm.job(helper?.JobId ?? "");
      expect(done.ExtraInfoKeyValues.RJ_JobId_0_1).toMatch(/\S/);
      expect(done.JobOutputFileNames).toEqual([join(outDir, "shot_####.png")]);
      expect(await farm.problems()).toEqual([]);
      expect(await farm.log()).not.toContain("WARNING: Renderjuice");
    });
  },
);

import { readdir } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { deadlinePython } from "./farm.ts";
import { openStudio } from "./studio.ts";

const python = deadlinePython();

/** What the log of the task shows when the power goes, in the order of a render's life. */
const PHASES: [phase: string, line: RegExp, faults?: string[]][] = [
  ["when the bundle has only begun", /RJ-STATUS: Uploading/],
  ["while the scene is uploaded", /RJ-STATUS: Uploading: \d/],
  ["when the scene is uploaded", /Uploaded/],
  ["as soon as the job exists", /RJ-JOB: /],
  ["while the scene is validated", /RJ-STATUS: Validating/],
  ["between validation and render", /Validated/],
  ["when the render was accepted", /Render started/],
  ["in the middle of the render", /RJ-STATUS: Rendering: \d of/],
  ["when the render is done", /Rendered/],
  ["while the frames are downloaded", /RJ-STATUS: Downloading: 1 of/, ["download-slow:5000"]],
];

describe.runIf(python)("a Worker that is gone", { concurrent: true }, () => {
  test.each(PHASES)("dies %s: one render, all frames", async (_, line, faults = []) => {
    await using studio = await openStudio({
      python: python ?? "",
      sandbox: { simulatedStepMs: 100, faults },
      events: { HandOverOnSubmit: true },
    });
    const { farm, sandbox, outDir } = studio;
    const original = await studio.submitBlender();
    const helperId = (await studio.helperOf(original))?.JobId ?? "";

    const first = await farm.runTask(helperId, { worker: "worker-1" });
    await first.seen(line);
    await first.kill();
    expect((await first.outcome).status).toBe("killed");

    await farm.requeueTask(helperId);
    const second = await farm.runTask(helperId, { worker: "worker-2" });
    expect(await second.outcome).toMatchObject({ status: "completed", message: "" });
    expect(sandbox.statistics.rendersStarted).toBe(1);
    expect((await readdir(outDir)).filter((name) => !name.startsWith("."))).toEqual([
      "shot_0001.png",
      "shot_0002.png",
      "shot_0003.png",
    ]);
    expect(await farm.job(original)).toMatchObject({ JobStatus: "Completed" });
  });

  test.each([
    ["stops when it hears of it: the second renders", false, "canceled"],
    ["does not hear of it: the second waits and takes what the first has rendered", true, "completed"],
  ])("is declared dead, lives and %s", async (_, isDeaf, outcome) => {
    await using studio = await openStudio({
      python: python ?? "",
      sandbox: { simulatedStepMs: 100 },
      events: { HandOverOnSubmit: true },
    });
    const helperId = (await studio.helperOf(await studio.submitBlender()))?.JobId ?? "";

    const first = await studio.farm.runTask(helperId, { worker: "worker-1", isDeaf });
    await first.seen(/RJ-STATUS: Uploading/);
    await studio.farm.requeueTask(helperId);
    const second = await studio.farm.runTask(helperId, { worker: "worker-2" });

    expect((await first.outcome).status).toBe(outcome);
    expect((await second.outcome).status).toBe("completed");
    expect(studio.sandbox.statistics.rendersStarted).toBe(1);
  });
});

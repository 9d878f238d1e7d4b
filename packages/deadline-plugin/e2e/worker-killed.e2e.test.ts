import { readdir } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { holdRenders } from "../../../hosts/lib/held-renders.ts";
import { findPython } from "../../../hosts/lib/pythons.ts";
import { openStudio } from "./studio.ts";

const python = findPython("deadline");

/** What the log of the task shows when the power goes, in the order of a render's life. */
const PHASES: [phase: string, line: RegExp, isRendered?: boolean][] = [
  ["when the bundle has only begun", /RJ-STATUS: Uploading/],
  ["while the scene is uploaded", /RJ-STATUS: Uploading: \d/],
  ["when the scene is uploaded", /Uploaded/],
  ["as soon as the job exists", /RJ-JOB: /],
  ["while the scene is validated", /RJ-STATUS: Validating/],
  ["between validation and render", /Validated/],
  ["when the render was accepted", /Render started/],
  ["in the middle of the render", /RJ-STATUS: Rendering: \d of/],
  ["when the render is done", /Rendered/, true],
  ["while the frames are downloaded", /RJ-STATUS: Downloading: 1 of/, true],
];

/** One download that does not end before its Worker does. */
const STUCK_DOWNLOAD = "download-slow:600000";

describe.runIf(python)("a Worker that is gone", { concurrent: true }, () => {
  test.each(PHASES)("dies %s: one render, all frames", async (_, line, isRendered = false) => {
    const { renderer, letGo } = holdRenders();
    if (isRendered) letGo();
    await using studio = await openStudio({
      python,
      sandbox: { renderer, faults: isRendered ? [STUCK_DOWNLOAD] : [] },
      events: { HandOverOnSubmit: true },
    });
    const { farm, sandbox, outDir } = studio;
    const original = await studio.submitBlender();
    const helperId = (await studio.helperOf(original))?.JobId ?? "";

    const first = await farm.runTask(helperId, { worker: "worker-1" });
    await first.seen(line);
    await first.kill();
    expect((await first.outcome).status).toBe("killed");

    sandbox.faults.clear();
    letGo();
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
    const { renderer, letGo } = holdRenders();
    await using studio = await openStudio({
      python,
      sandbox: { renderer },
      events: { HandOverOnSubmit: true },
    });
    const helperId = (await studio.helperOf(await studio.submitBlender()))?.JobId ?? "";

    const first = await studio.farm.runTask(helperId, { worker: "worker-1", isDeaf });
    await first.seen(/RJ-STATUS: Uploading/);
    await studio.farm.requeueTask(helperId);
    const second = await studio.farm.runTask(helperId, { worker: "worker-2" });
    await (isDeaf ? second.seen(/Another process is working on this render/) : first.outcome);
    letGo();

    expect((await first.outcome).status).toBe(outcome);
    expect((await second.outcome).status).toBe("completed");
    expect(studio.sandbox.statistics.rendersStarted).toBe(1);
  });

  test("does not hear that its job was suspended: the job stays so, though its render ends under its hands", async () => {
    const { renderer } = holdRenders();
    await using studio = await openStudio({
      python,
      sandbox: { renderer },
      events: { HandOverOnSubmit: true },
    });
    const { farm } = studio;
    const original = await studio.submitBlender();
    const helperId = (await studio.helperOf(original))?.JobId ?? "";
    const task = await farm.runTask(helperId, { worker: "worker-1", isDeaf: true });
    await task.seen(/Render started/);
    await farm.act("suspend", helperId);
    const [canceler] = await studio.cancelers();
    const cancel = await farm.runTask(canceler?.JobId ?? "", { worker: "worker-2" });

    expect(await task.outcome).toMatchObject({
      status: "errored",
      message: expect.stringContaining("canceled"),
    });
    expect((await cancel.outcome).status).toBe("completed");
    expect(await farm.job(helperId)).toMatchObject({ JobStatus: "Suspended" });
    expect(await farm.job(original)).toMatchObject({ JobStatus: "Suspended" });
  });
});

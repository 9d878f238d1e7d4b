import { describe, expect, test } from "vitest";
import { holdRenders } from "../../../hosts/lib/held-renders.ts";
import { findPython } from "../../../hosts/lib/pythons.ts";
import { openStudio, type Studio, type StudioOptions } from "./studio.ts";

const python = findPython("deadline");
const BEFORE_OURS = "Adjusts";
const AFTER_OURS = "ZAdjusts";

/** How a job gets into the cloud, and the event of it. */
const WAYS = {
  "hand-over": { events: { HandOverOnSubmit: true }, event: "OnJobSubmitted", isHeld: true },
  "fall-back": { events: { FallBackOnFailure: true }, event: "OnJobFailed", isHeld: false },
} as const;
type Way = keyof typeof WAYS;

// Farms have other event plugins. Many save the job of the event as it was given to them: the last one wins.
describe.runIf(python)("where another event plugin saves the job", { concurrent: true }, () => {
  const open = (way: Way, options: Partial<StudioOptions> = {}) =>
    openStudio({ python, ...options, events: { ...WAYS[way].events, ...options.events } });

  describe.each(Object.keys(WAYS) as Way[])("%s", (way) => {
    test.each([
      ["before ours", BEFORE_OURS, WAYS[way].event],
      ["after ours", AFTER_OURS, WAYS[way].event],
      ["before ours, at every event", BEFORE_OURS, ""],
      ["after ours, at every event", AFTER_OURS, ""],
    ])("%s: one render, and the comp is released", async (_, plugin, savesAt) => {
      await using studio = await open(way);
      await studio.installEventPlugin("Saves", plugin, { Events: savesAt });
      const { original, comp } = await submit(studio, way);
      await studio.farm.cleanHouse();
      const { JobStatus } = await studio.farm.job(original);
      expect(JobStatus).toBe(WAYS[way].isHeld ? "Suspended" : "Failed");
      await renderIn(studio, original);
      expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Completed" });
      expect(await studio.farm.scanPending()).toEqual([comp]);
      expect(studio.sandbox.statistics.rendersStarted).toBe(1);
      expect(await studio.helpersFor(original)).toHaveLength(1);
      expect(await studio.farm.problems()).toEqual([]);
    });

    test("after ours, and the cloud is done before any house is cleaned: the comp is released all the same", async () => {
      await using studio = await open(way);
      await studio.installEventPlugin("Saves", AFTER_OURS);
      const { original, comp } = await submit(studio, way);
      await renderIn(studio, original);
      expect(await studio.farm.scanPending()).toEqual([comp]);
    });

    test("after ours, and somebody resumes the original: it renders here and only here, and may go again", async () => {
      const { renderer } = holdRenders();
      await using studio = await open(way, {
        sandbox: { renderer },
        events: { FallBackOnFailure: true },
      });
      await studio.installEventPlugin("Saves", AFTER_OURS);
      const { original } = await submit(studio, way);
      if (WAYS[way].isHeld) await studio.farm.act("suspend", original);
      await studio.farm.act("resume", original);
      await studio.farm.cleanHouse();
      expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Active" });
      expect(await studio.helpersFor(original)).toMatchObject([{ JobStatus: "Suspended" }]);

      await studio.farm.failLocally(original, "crash");
      await studio.farm.cleanHouse();
      const [, second] = await studio.helpersFor(original);
      expect(second?.ExtraInfoKeyValues.RJ_Run).toBe(`${original}-2`);
      expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Failed" });
    });
  });

  test("after ours, and the original is deleted before any house is cleaned: its cloud render is canceled", async () => {
    await using studio = await open("hand-over");
    await studio.installEventPlugin("Saves", AFTER_OURS);
    const { original } = await submit(studio, "hand-over");
    await studio.farm.act("delete", original);
    expect(await studio.helpersFor(original)).toMatchObject([{ JobStatus: "Suspended" }]);
    expect(await studio.cancelers()).toHaveLength(1);
  });

  test("after ours, and the farm begins the original all the same: it is held again at once", async () => {
    await using studio = await open("hand-over");
    await studio.installEventPlugin("Saves", AFTER_OURS, { Events: "OnJobSubmitted" });
    const { original } = await submit(studio, "hand-over");
    expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Active" });
    await studio.farm.fire("OnJobStarted", original, { application: "worker-1" });
    expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Suspended" });
  });

  test("after ours, a helper that is suspended and resumed before its cancel begins goes on", async () => {
    await using studio = await open("hand-over");
    await studio.installEventPlugin("Saves", AFTER_OURS);
    const { original } = await submit(studio, "hand-over");
    const [helper] = await studio.helpersFor(original);
    await studio.farm.act("suspend", helper?.JobId ?? "");
    await studio.farm.act("resume", helper?.JobId ?? "");
    expect((await studio.cancelers()).map(({ JobStatus }) => JobStatus)).toEqual(["Completed"]);
  });

  test("after ours, a cloud render that fails gives the original back once", async () => {
    await using studio = await open("hand-over");
    await studio.installEventPlugin("Saves", AFTER_OURS);
    const { original } = await submit(studio, "hand-over");
    const [helper] = await studio.helpersFor(original);
    await studio.farm.failLocally(helper?.JobId ?? "", "no luck");
    for (let count = 0; count < 2; count += 1) {
      expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Active" });
      expect(await studio.farm.tasks(original)).toMatchObject(Array(3).fill({ Status: "Queued" }));
      await studio.farm.cleanHouse();
    }
  });

  test("a helper that was let go, and is saved as it was before, is not tied again", async () => {
    await using studio = await open("hand-over");
    await studio.installEventPlugin("Saves", AFTER_OURS);
    const { original } = await submit(studio, "hand-over");
    await studio.farm.cleanHouse();
    await studio.farm.act("resume", original);
    await studio.farm.cleanHouse();
    await studio.farm.cleanHouse();
    expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Active" });
    await studio.farm.finishLocally(original);
    await studio.farm.cleanHouse();
    expect(await studio.helpersFor(original)).toMatchObject([{ JobStatus: "Suspended" }]);
  });

  test("with a time-out for all jobs alike, a long cloud render is not ended, nor a short one refused", async () => {
    const { renderer, letGo } = holdRenders();
    await using studio = await open("hand-over", { sandbox: { renderer } });
    await studio.installEventPlugin("TimesOut", AFTER_OURS);
    const { original } = await submit(studio, "hand-over");
    const [helper] = await studio.helpersFor(original);
    const task = await studio.farm.runTask(helper?.JobId ?? "");
    await task.seen(/Render started/);
    await studio.farm.passTime(86_400);
    letGo();
    expect(await task.outcome).toMatchObject({ status: "completed", message: "" });
    expect(await studio.farm.job(original)).toMatchObject({
      JobStatus: "Completed",
      JobTaskTimeoutSeconds: 3600,
    });
  });

  test("a plugin that deletes the helper as soon as it is submitted leaves the original to the farm", async () => {
    await using studio = await open("hand-over");
    await studio.installEventPlugin("Acts", AFTER_OURS, { Action: "DeleteJob" });
    const { original } = await submit(studio, "hand-over");
    await studio.farm.cleanHouse();
    expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Active" });
    expect(await studio.farm.log()).toContain("was deleted as soon as it was submitted");
  });

  test("a plugin that suspends the helper as soon as it is submitted: it waits until somebody resumes it", async () => {
    await using studio = await open("hand-over");
    await studio.installEventPlugin("Acts", AFTER_OURS, { Action: "SuspendJob" });
    const { original, comp } = await submit(studio, "hand-over");
    await studio.farm.cleanHouse();
    const [helper] = await studio.helpersFor(original);
    expect(helper).toMatchObject({ JobStatus: "Suspended" });
    expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Suspended" });
    await studio.farm.act("resume", helper?.JobId ?? "");
    await renderIn(studio, original);
    expect(await studio.farm.scanPending()).toEqual([comp]);
    expect(studio.sandbox.statistics.rendersStarted).toBe(1);
  });

  test("house is cleaned on two machines at once: what overflows does so once", async () => {
    await using studio = await open("hand-over", {
      events: { HandOverOnSubmit: false, OverflowOnPressure: true, MaxWaitMinutes: 0 },
    });
    const original = await studio.submitBlender();
    const machines = ["pulse", "worker-1", "worker-2"];
    await Promise.all(machines.map((application) => studio.farm.cleanHouse({ application })));
    await studio.farm.cleanHouse();
    expect(await studio.helpersFor(original)).toHaveLength(1);
    expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Suspended" });
    expect(await studio.farm.metaData("Renderjuice")).toEqual({});
  });

  test("a comp that is submitted after a job was chained waits for the cloud too", async () => {
    await using studio = await open("hand-over", {
      events: { HandOverOnSubmit: false, ChainOnFinish: true },
    });
    const original = await studio.submitBlender({ ExtraInfoKeyValue0: `RJ_SceneFile=${studio.scene}` });
    await studio.farm.finishLocally(original);
    const comp = await studio.submitComp(original);
    await studio.farm.cleanHouse();
    const [helper] = await studio.helpersFor(original);
    expect((await studio.farm.job(comp)).JobDependencyIDs).toEqual([original, helper?.JobId]);
  });
});

/** A job that gets into the cloud, with one that waits for it. */
async function submit(studio: Studio, way: Way) {
  const original = await studio.submitBlender();
  const comp = await studio.submitComp(original);
  if (way === "fall-back") await studio.farm.failLocally(original, "crash");
  return { original, comp };
}

/** A Worker renders an original's only helper. */
async function renderIn(studio: Studio, original: string): Promise<void> {
  const [helper] = await studio.helpersFor(original);
  expect(await (await studio.farm.runTask(helper?.JobId ?? "")).outcome).toMatchObject({ message: "" });
}

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { holdRenders } from "../../../scripts/lib/held-renders.ts";
import { type Action, deadlinePython, findPythons } from "./farm.ts";
import { openStudio, type Studio, type StudioOptions } from "./studio.ts";

const pythons = findPythons();

describe.each(pythons)(
  "the event plugin under Python $version",
  { concurrent: true },
  ({ executable: python }) => {
    const open = (options: Omit<StudioOptions, "python"> = {}) => openStudio({ python, ...options });

    test("does nothing while it is disabled, and only what opts in when it is Opt-In", async () => {
      await using studio = await open({ events: { State: "Disabled", HandOverOnSubmit: true } });
      expect(await studio.helperOf(await studio.submitBlender())).toBeUndefined();
      await studio.farm.configureEvent("Renderjuice", { State: "Opt-In" });
      expect(await studio.helperOf(await studio.submitBlender())).toBeUndefined();
      expect(
        await studio.helperOf(await studio.submitBlender({ EventOptIns: "Other,Renderjuice" })),
      ).toBeDefined();
    });

    test("holds a job that is handed over, and completes it when its frames are there", async () => {
      await using studio = await open({ events: { HandOverOnSubmit: true } });
      const original = await studio.submitBlender();
      const comp = await studio.submitComp(original);
      expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Suspended" });
      await renderHelper(studio, original);
      expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Completed" });
      expect(await studio.farm.scanPending()).toEqual([comp]);
    });

    test("a job that chains lets its dependents wait for the cloud", async () => {
      await using studio = await open({ events: { ChainOnFinish: true, JobPlugins: "Python" } });
      const { jobId: exporter } = await studio.farm.submit({
        jobInfo: {
          Plugin: "Python",
          Name: "export",
          Frames: "1-3",
          ExtraInfoKeyValue0: `RJ_SceneFile=${studio.scene}`,
          ExtraInfoKeyValue1: `RJ_OutputFile=${join(studio.outDir, "shot_####")}`,
        },
      });
      const comp = await studio.submitComp(exporter);
      await studio.farm.finishLocally(exporter);
      expect(await studio.farm.scanPending()).toEqual([]);
      await renderHelper(studio, exporter);
      expect(await studio.farm.scanPending()).toEqual([comp]);
    });

    test("what waits for too long on the farm overflows; what has begun does not", async () => {
      await using studio = await open({ events: { OverflowOnPressure: true, MaxWaitMinutes: 1 } });
      const waiting = await studio.submitBlender();
      await studio.farm.cleanHouse();
      expect(await studio.helperOf(waiting)).toBeUndefined();
      await studio.farm.configureEvent("Renderjuice", { MaxWaitMinutes: 0 });
      await studio.farm.cleanHouse();
      expect(await studio.helperOf(waiting)).toMatchObject({ JobStatus: "Active" });
      expect(await studio.farm.job(waiting)).toMatchObject({ JobStatus: "Suspended" });
    });

    test("a cloud render that fails gives the original back to the farm", async () => {
      await using studio = await open({ events: { HandOverOnSubmit: true } });
      const original = await studio.submitBlender();
      const helper = await studio.helperOf(original);
      await studio.farm.failLocally(helper?.JobId ?? "", "no luck");
      expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Active" });
      expect(await studio.helperOf(original)).toBeUndefined();
    });
  },
);

const python = deadlinePython();

describe.runIf(python)("the event plugin", { concurrent: true }, () => {
  const open = (options: Omit<StudioOptions, "python"> = {}) =>
    openStudio({ python: python ?? "", ...options });

  test.each([
    ["plugin", { JobPlugins: "Nuke" }, {}, false],
    ["plugin, in any case, one of several", { JobPlugins: "nuke, BLENDER" }, {}, true],
    ["pool", { JobPools: "cloud" }, { Pool: "cloud" }, true],
    ["another pool", { JobPools: "cloud" }, { Pool: "local" }, false],
    ["group", { JobGroups: "gpu" }, { Group: "cpu" }, false],
    ["name", { JobNamePattern: "*_beauty_*" }, { Name: "010_Beauty_v3" }, true],
    ["another name", { JobNamePattern: "*_beauty_*" }, { Name: "010_shadow_v3" }, false],
    ["batch", { JobBatchPattern: "ep0?" }, { BatchName: "ep02" }, true],
  ])("filters by %s", async (_, filter, jobInfo, isHandedOver) => {
    await using studio = await open({ events: { HandOverOnSubmit: true, ...filter } });
    const original = await studio.submitBlender(jobInfo);
    expect((await studio.helperOf(original)) !== undefined).toBe(isHandedOver);
  });

  test("a job says for itself when it goes to the cloud, with which settings and in which chunks", async () => {
    await using studio = await open({ events: { HandOverOnSubmit: true, Settings: ["notes=of the farm"] } });
    const original = await studio.submitBlender({
      Frames: "1-10",
      ExtraInfoKeyValue0: "RJ_Trigger=failure",
      ExtraInfoKeyValue1: "RJ_FramesPerTask=4",
      ExtraInfoKeyValue2: "RJ_Settings=resolutionPercentage=50;notes=a; b",
    });
    expect(await studio.helperOf(original)).toBeUndefined();
    await studio.farm.failLocally(original, "crash");
    const helper = await studio.helperOf(original);
    expect(helper?.PluginInfo.Settings).toBe("resolutionPercentage=50;notes=a; b");
    const frames = (await studio.farm.tasks(helper?.JobId ?? "")).map(({ Frames }) => Frames);
    expect(frames).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
      [9, 10],
    ]);
  });

  test("frames with gaps are one render, and only they are rendered", async () => {
    await using studio = await open({ events: { HandOverOnSubmit: true } });
    const original = await studio.submitBlender({ Frames: "1-9x4" });
    await renderHelper(studio, original);
    expect(studio.sandbox.statistics.rendersStarted).toBe(1);
    const names = (await readdir(studio.outDir)).filter((name) => !name.startsWith("."));
    expect(names).toEqual(["shot_0001.png", "shot_0005.png", "shot_0009.png"]);
  });

  test("a job that waits for another goes to the cloud when that is done", async () => {
    await using studio = await open({ events: { HandOverOnSubmit: true } });
    const { jobId: simulation } = await studio.farm.submit({
      jobInfo: { Plugin: "Python", Name: "sim", Frames: "1" },
    });
    const original = await studio.submitBlender({ JobDependencies: simulation });
    expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Suspended" });
    expect(await studio.helperOf(original)).toMatchObject({
      JobStatus: "Pending",
      JobDependencyIDs: [simulation],
    });
    await studio.farm.finishLocally(simulation);
    await studio.farm.scanPending();
    expect(await renderHelper(studio, original)).toBe("completed");
  });

  test("a job that is submitted as suspended goes to the cloud when somebody resumes it", async () => {
    await using studio = await open({ events: { HandOverOnSubmit: true } });
    const original = await studio.submitBlender({ InitialStatus: "Suspended" });
    expect(await studio.helperOf(original)).toBeUndefined();
    await studio.farm.act("resume", original);
    expect(await studio.helperOf(original)).toMatchObject({ JobStatus: "Active" });
    expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Suspended" });
  });

  test("a helper gets no helper, and a job gets one only once", async () => {
    await using studio = await open({
      events: { HandOverOnSubmit: true, FallBackOnFailure: true, ChainOnFinish: true, JobPlugins: "" },
    });
    const original = await studio.submitBlender();
    await studio.farm.fire("OnJobSubmitted", original);
    await studio.farm.fire("OnJobFailed", original, { application: "worker-7" });
    await renderHelper(studio, original);
    expect(await studio.farm.jobs()).toHaveLength(2);
  });

  test("a dry run only says what it would do", async () => {
    await using studio = await open({ events: { HandOverOnSubmit: true, DryRun: true } });
    const original = await studio.submitBlender();
    expect(await studio.farm.jobs()).toHaveLength(1);
    expect(await studio.farm.log()).toContain(`"shot 010" (${original}) would go to the cloud`);
  });

  test("a job without an output path stays, and the log says why", async () => {
    await using studio = await open({ events: { HandOverOnSubmit: true } });
    const { jobId } = await studio.farm.submit({
      jobInfo: { Plugin: "Blender", Name: "no output", Frames: "1" },
      pluginInfo: { SceneFile: studio.scene },
    });
    expect(await studio.farm.job(jobId)).toMatchObject({ JobStatus: "Active" });
    expect(await studio.farm.log()).toContain("has no output path");
  });

  test("a scene that was submitted with the job goes along", async () => {
    await using studio = await open({ events: { HandOverOnSubmit: true } });
    const { jobId } = await studio.farm.submit({
      jobInfo: { Plugin: "Blender", Name: "with scene", Frames: "1-2" },
      pluginInfo: { OutputFile: join(studio.outDir, "shot_####") },
      auxFiles: [studio.scene],
    });
    expect((await studio.helperOf(jobId))?.AuxiliaryFiles).toEqual(["shot 010.blend"]);
    expect(await renderHelper(studio, jobId)).toBe("completed");
  });

  describe("when somebody acts on the helper", () => {
    test("suspend cancels the render, and resume renders anew", async () => {
      const { renderer, letGo } = holdRenders();
      await using studio = await open({ sandbox: { renderer }, events: { HandOverOnSubmit: true } });
      const { helperId, act } = await startHelper(studio);
      await act("suspend", helperId);
      await runCanceler(studio);
      await studio.farm.act("resume", helperId);
      letGo();
      expect((await (await studio.farm.runTask(helperId)).outcome).status).toBe("completed");
      expect(studio.sandbox.statistics.rendersStarted).toBe(2);
    });

    test("resume before the cancel began goes on with the same render", async () => {
      const { renderer, letGo } = holdRenders();
      await using studio = await open({ sandbox: { renderer }, events: { HandOverOnSubmit: true } });
      const { helperId, act } = await startHelper(studio);
      await act("suspend", helperId);
      await studio.farm.act("resume", helperId);
      expect((await studio.cancelers()).map(({ JobStatus }) => JobStatus)).toEqual(["Completed"]);
      letGo();
      expect((await (await studio.farm.runTask(helperId)).outcome).status).toBe("completed");
      expect(studio.sandbox.statistics.rendersStarted).toBe(1);
    });

    test("delete cancels the render and gives the original back", async () => {
      const { renderer } = holdRenders();
      await using studio = await open({ sandbox: { renderer }, events: { HandOverOnSubmit: true } });
      const { original, helperId, act } = await startHelper(studio);
      await act("delete", helperId);
      await runCanceler(studio);
      expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Active" });
    });

    test("delete of what is done cancels nothing", async () => {
      await using studio = await open({ events: { HandOverOnSubmit: true } });
      const original = await studio.submitBlender();
      const helper = await studio.helperOf(original);
      await renderHelper(studio, original);
      await studio.farm.act("delete", helper?.JobId ?? "");
      expect(await studio.cancelers()).toEqual([]);
      expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Completed" });
    });

    test("requeue goes on with the same render", async () => {
      const { renderer, letGo } = holdRenders();
      await using studio = await open({ sandbox: { renderer }, events: { HandOverOnSubmit: true } });
      const { helperId, act } = await startHelper(studio);
      await act("requeue", helperId);
      letGo();
      expect((await (await studio.farm.runTask(helperId)).outcome).status).toBe("completed");
      expect(studio.sandbox.statistics.rendersStarted).toBe(1);
    });
  });

  describe("when somebody acts on the original", () => {
    test("resume renders it here: the cloud render is canceled", async () => {
      const { renderer } = holdRenders();
      await using studio = await open({ sandbox: { renderer }, events: { HandOverOnSubmit: true } });
      const { original, helperId, act } = await startHelper(studio);
      await act("resume", original);
      expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Active" });
      expect(await studio.farm.job(helperId)).toMatchObject({ JobStatus: "Suspended" });
      await runCanceler(studio);
    });

    test("delete cancels the cloud render", async () => {
      const { renderer } = holdRenders();
      await using studio = await open({ sandbox: { renderer }, events: { HandOverOnSubmit: true } });
      const { original, act } = await startHelper(studio);
      await act("delete", original);
      await runCanceler(studio);
    });

    test("requeue after the cloud has rendered it renders it here, and it may go to the cloud again", async () => {
      await using studio = await open({ events: { FallBackOnFailure: true } });
      const original = await studio.submitBlender();
      await studio.farm.failLocally(original, "crash");
      await renderHelper(studio, original);
      await studio.farm.act("requeue", original);
      await studio.farm.failLocally(original, "crash again");
      await renderHelper(studio, original);
      expect(studio.sandbox.statistics.rendersStarted).toBe(2);
    });
  });

  describe("when deadlinecommand is not well", () => {
    test("hanging, the submit succeeds within the time limit, and house cleaning finds out that nothing came of it", async () => {
      await using studio = await open({ events: { HandOverOnSubmit: true, SubmitTimeoutSeconds: 5 } });
      await studio.farm.setDeadlineCommand({ mode: "hang" });
      const original = await studio.submitBlender();
      expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Active" });
      expect((await studio.farm.eventLog()).filter((entry) => "killed" in entry && entry.killed)).toEqual([]);
      await studio.farm.setDeadlineCommand({ mode: "ok" });
      await studio.farm.cleanHouse();
      expect(await studio.farm.jobs()).toHaveLength(1);
    });

    test("cut off after it had submitted, house cleaning finds the helper", async () => {
      await using studio = await open({ events: { HandOverOnSubmit: true, SubmitTimeoutSeconds: 5 } });
      await studio.farm.setDeadlineCommand({ mode: "hang-after-submit" });
      const original = await studio.submitBlender();
      await studio.farm.setDeadlineCommand({ mode: "ok" });
      await studio.farm.cleanHouse();
      expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Suspended" });
      expect(await renderHelper(studio, original)).toBe("completed");
      expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Completed" });
    });

    test.each(["fail", "no-id"] as const)(
      "with %s, the job stays on the farm and the log says so",
      async (mode) => {
        await using studio = await open({ events: { HandOverOnSubmit: true } });
        await studio.farm.setDeadlineCommand({ mode });
        const original = await studio.submitBlender();
        expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Active" });
        expect(await studio.farm.log()).toContain("deadlinecommand refused the job");
      },
    );

    test("a cancel that could not be enqueued is made up for at house cleaning", async () => {
      const { renderer } = holdRenders();
      await using studio = await open({ sandbox: { renderer }, events: { HandOverOnSubmit: true } });
      const { helperId, act } = await startHelper(studio);
      await studio.farm.setDeadlineCommand({ mode: "fail" });
      await act("suspend", helperId);
      expect(await studio.cancelers()).toEqual([]);
      await studio.farm.setDeadlineCommand({ mode: "ok" });
      await studio.farm.cleanHouse();
      await runCanceler(studio);
      expect(await studio.farm.metaData("Renderjuice")).toEqual({});
    });
  });

  test("a helper that finished while no event was handled completes its original at house cleaning", async () => {
    await using studio = await open({ events: { HandOverOnSubmit: true } });
    const original = await studio.submitBlender();
    await studio.farm.configureEvent("Renderjuice", { State: "Disabled" });
    await renderHelper(studio, original);
    expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Suspended" });
    await studio.farm.configureEvent("Renderjuice", { State: "Global Enabled" });
    await studio.farm.cleanHouse();
    expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Completed" });
  });

  test("names and paths arrive as they were: umlauts, CJK, spaces, semicolons, Windows drives and shares", async () => {
    await using studio = await open({ events: { HandOverOnSubmit: true } });
    const name = "Größe 場面; v2 = final";
    const { jobId } = await studio.farm.submit({
      jobInfo: { Plugin: "Blender", Name: name, BatchName: "Épisode 3", Frames: "1" },
      pluginInfo: {
        SceneFile: "X:\\Projekte\\Größe 場面.blend",
        OutputFile: "\\\\server\\share\\aus gabe\\bild_####",
      },
    });
    expect(await studio.helperOf(jobId)).toMatchObject({
      JobName: `${name} [Renderjuice]`,
      JobBatchName: "Épisode 3",
      PluginInfo: {
        SceneFile: "X:\\Projekte\\Größe 場面.blend",
        OutputDirectory: "\\\\server\\share\\aus gabe\\",
        OutputPattern: "bild_####",
      },
    });
  });
});

/** A Worker renders the helper of a job. @returns the status of the task */
async function renderHelper(studio: Studio, original: string): Promise<string> {
  const helper = await studio.helperOf(original);
  const { status, message } = await (await studio.farm.runTask(helper?.JobId ?? "")).outcome;
  if (message) throw new Error(message);
  return status;
}

/** Submits a job and lets a Worker begin its cloud render. */
async function startHelper(studio: Studio) {
  const original = await studio.submitBlender();
  const helperId = (await studio.helperOf(original))?.JobId ?? "";
  const task = await studio.farm.runTask(helperId);
  await expect.poll(() => studio.sandbox.statistics.rendersRunning).toBe(1);
  return {
    original,
    helperId,
    /** Acts on a job, and waits until the Worker has let go of the task. */
    async act(action: Action, jobId: string) {
      await studio.farm.act(action, jobId);
      await task.outcome;
    },
  };
}

/** A Worker runs the job that cancels the one render there is. */
async function runCanceler(studio: Studio): Promise<void> {
  const [canceler] = await studio.cancelers();
  const { status, message } = await (await studio.farm.runTask(canceler?.JobId ?? "", { worker: "worker-2" }))
    .outcome;
  expect({ status, message }).toEqual({ status: "completed", message: "" });
  expect(await studio.renderStates()).toEqual(["canceled"]);
}

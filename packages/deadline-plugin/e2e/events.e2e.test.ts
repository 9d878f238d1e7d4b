import { execFile } from "node:child_process";
import { chmod, cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test, vi } from "vitest";
import { type Action, HARNESS } from "../../../hosts/deadline/farm.ts";
import { judge } from "../../../hosts/deadline/judge.ts";
import { holdRenders } from "../../../hosts/lib/held-renders.ts";
import { findPython, findPythons } from "../../../hosts/lib/pythons.ts";
import { openStudio, type Studio, type StudioOptions } from "./studio.ts";

const pythons = findPythons("deadline");

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
      const exporter = await submitExport(studio);
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
      const { original } = await submitAndFailHelper(studio);
      expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Active" });
      expect(await studio.helperOf(original)).toBeUndefined();
    });

    test("a cloud render that failed and was fixed and requeued completes the original and releases the comp", async () => {
      await using studio = await open({ events: { FallBackOnFailure: true } });
      await studio.farm.configurePlugin("Renderjuice", { ApiKey: "rj_wrong" });
      const original = await studio.submitBlender();
      const comp = await studio.submitComp(original);
      await studio.farm.failLocally(original, "crash");
      const helperId = (await studio.helperOf(original))?.JobId ?? "";
      await (await studio.farm.runTask(helperId)).outcome;
      expect(await studio.farm.job(helperId)).toMatchObject({ JobStatus: "Failed" });
      await studio.farm.configurePlugin("Renderjuice", { ApiKey: studio.apiKey });
      await studio.farm.act("requeue", helperId);
      expect(await renderHelper(studio, original)).toBe("completed");
      expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Completed" });
      expect(await studio.farm.scanPending()).toEqual([comp]);
    });
  },
);

const python = findPython("deadline");

describe.runIf(python)("the event plugin", { concurrent: true }, () => {
  test("breaks no rule of Deadline, by the harness's judgment", () => {
    const folder = fileURLToPath(new URL("../repository/custom/events", import.meta.url));
    const verdicts = judge(python, folder).map(({ plugin, deadline, verdict }) => [
      plugin,
      deadline,
      verdict,
    ]);
    expect(verdicts).toEqual([
      ["Renderjuice", "10.3", "holds"],
      ["Renderjuice", "10.1", "holds"],
    ]);
  });

  const open = (options: Omit<StudioOptions, "python"> = {}) => openStudio({ python, ...options });

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

  test.each([
    ["somebody has resumed", (studio: Studio, original: string) => studio.farm.act("resume", original)],
    [
      "the cloud has failed at",
      async (studio: Studio, original: string) =>
        studio.farm.failLocally((await studio.helperOf(original))?.JobId ?? "", "no luck"),
    ],
  ])("what %s does not overflow a second time", async (_, comeBack) => {
    await using studio = await open({ events: { OverflowOnPressure: true, MaxWaitMinutes: 0 } });
    const original = await studio.submitBlender();
    await studio.farm.cleanHouse();
    await comeBack(studio, original);
    await studio.farm.cleanHouse();
    expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Active" });
    expect(await studio.helperOf(original)).toBeUndefined();
  });

  test("a job whose wish makes no sense stays, the log says why, and the others overflow", async () => {
    await using studio = await open({ events: { OverflowOnPressure: true, MaxWaitMinutes: 0 } });
    const wrong = await studio.submitBlender({ ExtraInfoKeyValue0: "RJ_FramesPerTask=ten" });
    const right = await studio.submitBlender();
    await studio.farm.cleanHouse();
    expect(await studio.helperOf(right)).toMatchObject({ JobStatus: "Active" });
    expect(await studio.farm.job(wrong)).toMatchObject({ JobStatus: "Active" });
    expect(await studio.farm.log()).toContain(
      `"shot 010" (${wrong}) has RJ_FramesPerTask=ten, which is not a number`,
    );
  });

  test("a copy of a job that is in the cloud is a separate job", async () => {
    await using studio = await open({ events: { HandOverOnSubmit: true } });
    const first = await studio.submitBlender();
    const copy = await resubmit(studio, first);
    const helperOfCopy = await studio.helperOf(copy);
    expect(helperOfCopy?.ExtraInfoKeyValues).toMatchObject({ RJ_OriginalJobId: copy, RJ_Run: `${copy}-1` });
    await studio.farm.act("delete", copy);
    expect(await studio.farm.job(helperOfCopy?.JobId ?? "")).toMatchObject({ JobStatus: "Suspended" });
    expect(await studio.helperOf(first)).toMatchObject({ JobStatus: "Active" });
  });

  test("a copy that does not go to the cloud leaves the helper of the first alone", async () => {
    await using studio = await open({ events: { FallBackOnFailure: true } });
    const first = await studio.submitBlender();
    await studio.farm.failLocally(first, "crash");
    const copy = await resubmit(studio, first);
    await studio.farm.act("delete", copy);
    expect(await studio.helperOf(first)).toMatchObject({ JobStatus: "Active" });
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
    test("suspend cancels the render, and resume renders again", async () => {
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

    test.each(["resume", "requeue"] as const)(
      "%s before the cancel started continues the same render",
      async (again) => {
        const { renderer, letGo } = holdRenders();
        await using studio = await open({ sandbox: { renderer }, events: { HandOverOnSubmit: true } });
        const { helperId, act } = await startHelper(studio);
        await act("suspend", helperId);
        await studio.farm.act(again, helperId);
        expect((await studio.cancelers()).map(({ JobStatus }) => JobStatus)).toEqual(["Completed"]);
        letGo();
        expect((await (await studio.farm.runTask(helperId)).outcome).status).toBe("completed");
        expect(studio.sandbox.statistics.rendersStarted).toBe(1);
      },
    );

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

    test.each([
      ["requeued", true],
      ["requeued while no event was handled", false],
    ])("suspend, canceled and %s, cancels the second render as well", async (_, isHandled) => {
      const { renderer } = holdRenders();
      await using studio = await open({ sandbox: { renderer }, events: { HandOverOnSubmit: true } });
      const { helperId, act } = await startHelper(studio);
      await act("suspend", helperId);
      await runCanceler(studio);
      if (!isHandled) await studio.farm.configureEvent("Renderjuice", { State: "Disabled" });
      await studio.farm.act("requeue", helperId);
      await studio.farm.configureEvent("Renderjuice", { State: "Global Enabled" });
      const again = await studio.farm.runTask(helperId);
      await rendersStarted(studio, 2);
      await studio.farm.act("suspend", helperId);
      await again.outcome;
      await runCanceler(studio, ["canceled", "canceled"]);
    });

    test("requeue continues the same render", async () => {
      const { renderer, letGo } = holdRenders();
      await using studio = await open({ sandbox: { renderer }, events: { HandOverOnSubmit: true } });
      const { helperId, act } = await startHelper(studio);
      await act("requeue", helperId);
      letGo();
      expect((await (await studio.farm.runTask(helperId)).outcome).status).toBe("completed");
      expect(studio.sandbox.statistics.rendersStarted).toBe(1);
    });
  });

  describe("when somebody requeues a helper that had failed", () => {
    test("its original, which the farm has not begun, is held again and completed", async () => {
      await using studio = await open({ events: { HandOverOnSubmit: true } });
      const { original, helperId } = await submitAndFailHelper(studio);
      await studio.farm.act("requeue", helperId);
      expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Suspended" });
      expect(await renderHelper(studio, original)).toBe("completed");
      expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Completed" });
    });

    test("and the farm has begun the original, it is suspended, and the log says why", async () => {
      await using studio = await open({ events: { HandOverOnSubmit: true, JobPlugins: "" } });
      const { original, helperId } = await submitAndFailHelper(studio, await submitPrinter(studio));
      await (await studio.farm.runTask(original)).outcome;
      await studio.farm.act("requeue", helperId);
      expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Active" });
      expect(await studio.farm.job(helperId)).toMatchObject({ JobStatus: "Suspended" });
      expect(await studio.farm.log("monitor")).toContain(
        `the farm is already rendering "shot 010" (${original})`,
      );
    });

    test("and the farm has rendered the original, it is suspended, and the log says why", async () => {
      await using studio = await open({ events: { HandOverOnSubmit: true } });
      const { original, helperId } = await submitAndFailHelper(studio);
      await studio.farm.finishLocally(original);
      await studio.farm.act("requeue", helperId);
      expect(await studio.farm.job(helperId)).toMatchObject({ JobStatus: "Suspended" });
      expect(await studio.farm.log("monitor")).toContain(`the farm has rendered "shot 010" (${original})`);
    });

    test("its original, which is in the cloud by another helper, is not rendered twice", async () => {
      await using studio = await open({ events: { HandOverOnSubmit: true, FallBackOnFailure: true } });
      const { original, helperId } = await submitAndFailHelper(studio);
      await studio.farm.failLocally(original, "crash");
      await studio.farm.act("requeue", helperId);
      expect(await studio.farm.job(helperId)).toMatchObject({ JobStatus: "Suspended" });
      expect(await studio.helperOf(original)).toMatchObject({ JobStatus: "Active" });
    });
  });

  test("a helper that failed with its original is canceled once, however often house is cleaned", async () => {
    await using studio = await open({ events: { FallBackOnFailure: true } });
    const original = await studio.submitBlender();
    await studio.farm.failLocally(original, "crash");
    await studio.farm.failLocally((await studio.helperOf(original))?.JobId ?? "", "no luck");
    const [canceler] = await studio.cancelers();
    await studio.farm.finishLocally(canceler?.JobId ?? "");
    await studio.farm.cleanHouse();
    expect(await studio.cancelers()).toHaveLength(1);
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

    test("resume of one that had failed renders it here too", async () => {
      const { renderer } = holdRenders();
      await using studio = await open({ sandbox: { renderer }, events: { FallBackOnFailure: true } });
      const failed = await studio.submitBlender();
      await studio.farm.failLocally(failed, "crash");
      const { original, helperId, act } = await startHelper(studio, failed);
      await act("resume", original);
      expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Active" });
      expect(await studio.farm.job(helperId)).toMatchObject({ JobStatus: "Suspended" });
      await runCanceler(studio);
    });

    test("resume of one that had failed does not wake a helper that somebody has suspended", async () => {
      await using studio = await open({ events: { FallBackOnFailure: true } });
      const original = await studio.submitBlender();
      await studio.farm.failLocally(original, "crash");
      const helperId = (await studio.helperOf(original))?.JobId ?? "";
      await studio.farm.act("suspend", helperId);
      await studio.farm.act("resume", original);
      expect(await studio.farm.job(helperId)).toMatchObject({ JobStatus: "Suspended" });
    });

    test("suspend and resume of one that is not held does the same to its helper", async () => {
      await using studio = await open({ events: { HandOverOnSubmit: true, HoldOriginal: false } });
      const original = await studio.submitBlender();
      await studio.farm.act("suspend", original);
      expect(await studio.helperOf(original)).toMatchObject({ JobStatus: "Suspended" });
      await studio.farm.act("resume", original);
      expect(await studio.helperOf(original)).toMatchObject({ JobStatus: "Active" });
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

    test.each(["hang-after-submit", "no-id"] as const)(
      "with %s, house cleaning finds the helper",
      async (mode) => {
        await using studio = await open({ events: { HandOverOnSubmit: true, SubmitTimeoutSeconds: 5 } });
        await studio.farm.setDeadlineCommand({ mode });
        const original = await studio.submitBlender();
        expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Active" });
        await studio.farm.setDeadlineCommand({ mode: "ok" });
        await studio.farm.cleanHouse();
        expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Suspended" });
        expect(await renderHelper(studio, original)).toBe("completed");
        expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Completed" });
        expect(await studio.farm.metaData("Renderjuice")).toEqual({});
      },
    );

    test("killed by Deadline when it had submitted, house cleaning finds the helper too", async () => {
      const events = { HandOverOnSubmit: true, SubmitTimeoutSeconds: 60 };
      await using studio = await open({ hangMs: 10_000, events });
      await studio.farm.setDeadlineCommand({ mode: "hang-after-submit" });
      const original = await studio.submitBlender();
      expect(await studio.farm.eventLog()).toContainEqual(expect.objectContaining({ killed: true }));
      await studio.farm.setDeadlineCommand({ mode: "ok" });
      await studio.farm.cleanHouse();
      expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Suspended" });
      expect(await renderHelper(studio, original)).toBe("completed");
      expect(await studio.farm.metaData("Renderjuice")).toEqual({});
    });

    test("a job that chains finds its helper too, and its dependents wait for that", async () => {
      await using studio = await open({ events: { ChainOnFinish: true, JobPlugins: "Python" } });
      const exporter = await submitExport(studio);
      const comp = await studio.submitComp(exporter);
      await studio.farm.setDeadlineCommand({ mode: "no-id" });
      await studio.farm.finishLocally(exporter);
      await studio.farm.setDeadlineCommand({ mode: "ok" });
      await studio.farm.cleanHouse();
      expect(await studio.farm.scanPending()).toEqual([]);
      await renderHelper(studio, exporter);
      expect(await studio.farm.scanPending()).toEqual([comp]);
    });

    test.each([
      ["rendered by the farm", (studio: Studio, original: string) => studio.farm.finishLocally(original)],
      ["deleted", (studio: Studio, original: string) => studio.farm.act("delete", original)],
    ])("a helper whose original is meanwhile %s is suspended", async (_, meanwhile) => {
      await using studio = await open({ events: { HandOverOnSubmit: true } });
      await studio.farm.setDeadlineCommand({ mode: "no-id" });
      const original = await studio.submitBlender();
      await meanwhile(studio, original);
      await studio.farm.setDeadlineCommand({ mode: "ok" });
      await studio.farm.cleanHouse();
      const helpers = (await studio.farm.jobs()).filter(
        ({ PluginInfo }) => PluginInfo.Run === `${original}-1`,
      );
      expect(helpers).toMatchObject([
        { JobStatus: "Suspended" },
        { JobName: "Cancel: shot 010 [Renderjuice]" },
      ]);
      expect(await studio.farm.metaData("Renderjuice")).toEqual({});
    });

    test("refusing, the job stays on the farm and the log says so", async () => {
      await using studio = await open({ events: { HandOverOnSubmit: true } });
      await studio.farm.setDeadlineCommand({ mode: "fail" });
      const original = await studio.submitBlender();
      expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Active" });
      expect(await studio.farm.log()).toContain("deadlinecommand refused the job");
    });

    test("hanging with a taskkill that hangs too, it is killed all the same", async () => {
      await using studio = await open();
      const taskkill = join(studio.folder, "taskkill");
      await writeFile(taskkill, "#!/bin/sh\nexec sleep 600\n");
      await chmod(taskkill, 0o755);
      const plugin = join(studio.repository, "custom/events/Renderjuice/Renderjuice.py");
      const { stdout } = await promisify(execFile)(python, ["-c", KILL_AS_ON_WINDOWS, plugin], {
        env: { PATH: `${studio.folder}:${process.env.PATH}` },
      });
      expect(stdout).toBe("-9\n");
    });

    test("a cancel that could not be enqueued is made up for at house cleaning", async () => {
      const { renderer } = holdRenders();
      await using studio = await open({ sandbox: { renderer }, events: { HandOverOnSubmit: true } });
      await leaveCancelWaiting(studio);
      expect(await studio.cancelers()).toEqual([]);
      await studio.farm.cleanHouse();
      await runCanceler(studio);
      expect(await studio.farm.metaData("Renderjuice")).toEqual({});
    });

    test("a cancel that was made up for does not meet a helper that is resumed before it began", async () => {
      const { renderer } = holdRenders();
      await using studio = await open({ sandbox: { renderer }, events: { HandOverOnSubmit: true } });
      const helperId = await leaveCancelWaiting(studio);
      await studio.farm.cleanHouse();
      await studio.farm.act("resume", helperId);
      expect((await studio.cancelers()).map(({ JobStatus }) => JobStatus)).toEqual(["Completed"]);
    });

    test("an entry that cannot be read does not hold up the other cancels", async () => {
      const { renderer } = holdRenders();
      await using studio = await open({ sandbox: { renderer }, events: { HandOverOnSubmit: true } });
      await leaveCancelWaiting(studio);
      const file = join(studio.farm.path, "metadata", "Renderjuice.json");
      const entries = JSON.parse(await readFile(file, "utf8"));
      await writeFile(file, JSON.stringify({ RJ_Cancel_broken: "{", ...entries }));
      await studio.farm.cleanHouse();
      await runCanceler(studio);
      expect(await studio.farm.log("pulse")).toContain("cancel of job broken: JSONDecodeError");
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

  test.each([
    ["a share, where that is registered", { OutputDirectory0: "//server/share/out" }, "//server/share/out"],
    ["beside the scene, where nothing is", {}, "//server/share/scenes/server/share/out/"],
  ])("an output that begins with two slashes is %s", async (_, outputs, folder) => {
    await using studio = await open({ events: { HandOverOnSubmit: true } });
    const { jobId } = await studio.farm.submit({
      jobInfo: { Plugin: "Blender", Name: "shot", Frames: "1", ...outputs },
      pluginInfo: {
        SceneFile: "//server/share/scenes/shot.blend",
        OutputFile: "//server/share/out/shot_####",
      },
    });
    expect((await studio.helperOf(jobId))?.PluginInfo).toMatchObject({
      OutputDirectory: folder,
      OutputPattern: "shot_####",
    });
  });
});

/** Kills a process by the plugin's means, as if this were Windows, and prints how that ended. */
const KILL_AS_ON_WINDOWS = `
import subprocess, sys, types
for name, members in {
    "Deadline": (),
    "Deadline.Events": ("DeadlineEventListener",),
    "Deadline.Scripting": ("ClientUtils", "RepositoryUtils"),
    "System": ("DateTime",),
}.items():
    sys.modules[name] = types.ModuleType(name)
    for member in members:
        setattr(sys.modules[name], member, object)
plugin = {}
with open(sys.argv[1], encoding="utf-8") as file:
    exec(file.read(), plugin)
plugin["os"] = types.SimpleNamespace(name="nt")
process = subprocess.Popen(["sleep", "600"])
plugin["kill_tree"](process)
print(process.wait())
`;

/** A job that exports the scene which it names. */
async function submitExport(studio: Studio): Promise<string> {
  const { jobId } = await studio.farm.submit({
    jobInfo: {
      Plugin: "Python",
      Name: "export",
      Frames: "1-3",
      ExtraInfoKeyValue0: `RJ_SceneFile=${studio.scene}`,
      ExtraInfoKeyValue1: `RJ_OutputFile=${join(studio.outDir, "shot_####")}`,
    },
  });
  return jobId;
}

/** A job of a plugin that the farm really has: a Worker is done with a task at once. */
async function submitPrinter(studio: Studio): Promise<string> {
  const plugin = "custom/plugins/Printer";
  await cp(join(HARNESS, "fixtures", plugin), join(studio.repository, plugin), { recursive: true });
  const script = join(studio.folder, "render.sh");
  await writeFile(script, "exit 0\n");
  return studio.submitBlender({ Plugin: "Printer" }, { Script: script });
}

/** Submits a copy of a job, as the Monitor does: with all that was written into its extra info. */
async function resubmit(studio: Studio, jobId: string): Promise<string> {
  const { ExtraInfoKeyValues } = await studio.farm.job(jobId);
  const lines = Object.entries(ExtraInfoKeyValues).map(([key, value], index) => [
    `ExtraInfoKeyValue${index}`,
    `${key}=${value}`,
  ]);
  return studio.submitBlender(Object.fromEntries(lines));
}

/** A job whose cloud render fails. */
async function submitAndFailHelper(studio: Studio, submitted?: string) {
  const original = submitted ?? (await studio.submitBlender());
  const helperId = (await studio.helperOf(original))?.JobId ?? "";
  await studio.farm.failLocally(helperId, "no luck");
  return { original, helperId };
}

/** A Worker renders the helper of a job. @returns the status of the task */
async function renderHelper(studio: Studio, original: string): Promise<string> {
  const helper = await studio.helperOf(original);
  const { status, message } = await (await studio.farm.runTask(helper?.JobId ?? "")).outcome;
  if (message) throw new Error(message);
  return status;
}

/** Submits a job, unless it was, and lets a Worker begin its cloud render. */
async function startHelper(studio: Studio, submitted?: string) {
  const original = submitted ?? (await studio.submitBlender());
  const helperId = (await studio.helperOf(original))?.JobId ?? "";
  const task = await studio.farm.runTask(helperId);
  await rendersStarted(studio, 1);
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

/** Waits for renders to begin. `expect.poll` does not know its test where several run side by side. */
async function rendersStarted(studio: Studio, count: number): Promise<void> {
  const { statistics } = studio.sandbox;
  await vi.waitFor(() => expect(statistics.rendersStarted).toBe(count), { timeout: 60_000 });
}

/** A helper whose render goes on without an owner, since its cancel could not be enqueued. @returns its id */
async function leaveCancelWaiting(studio: Studio): Promise<string> {
  const { helperId, act } = await startHelper(studio);
  await studio.farm.setDeadlineCommand({ mode: "fail" });
  await act("suspend", helperId);
  await studio.farm.setDeadlineCommand({ mode: "ok" });
  return helperId;
}

/** A Worker runs the job that cancels, after which all renders are. */
async function runCanceler(studio: Studio, states = ["canceled"]): Promise<void> {
  const canceler = (await studio.cancelers()).find(({ JobStatus }) => JobStatus === "Active");
  const { status, message } = await (await studio.farm.runTask(canceler?.JobId ?? "", { worker: "worker-2" }))
    .outcome;
  expect({ status, message }).toEqual({ status: "completed", message: "" });
  expect(await studio.renderStates()).toEqual(states);
}

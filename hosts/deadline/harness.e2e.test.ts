import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findPythons } from "../lib/pythons.ts";
import { startProgram } from "../lib/running-program.ts";
import { type Farm, type FarmOptions, HARNESS, type Settings, type Submitted, startFarm } from "./farm.ts";
import { JUDGE_LIMIT_MS, judge } from "./judge.ts";

const FIXTURES = join(HARNESS, "fixtures");
const ABANDONED_FARM = fileURLToPath(new URL("abandoned-farm.ts", import.meta.url));
const pythons = findPythons("deadline");
const newest = pythons.at(-1)?.executable ?? "";

/** A farm with the fixture plugins, of which only the named ones are called. */
async function openFarm(plugins: string[], options: Omit<FarmOptions, "repository">): Promise<Farm> {
  const farm = await startFarm({ repository: FIXTURES, ...options });
  for (const plugin of plugins) await farm.configureEvent(plugin, { State: "Global Enabled" });
  return farm;
}

function submit(
  farm: Farm,
  jobInfo: Record<string, string | number | boolean> = {},
  auxFiles: string[] = [],
): Promise<Submitted> {
  return farm.submit({ jobInfo: { Plugin: "Printer", Name: "shot", ...jobInfo }, auxFiles });
}

describe.each(pythons)(
  "the stand-in for Deadline on Python $version",
  { concurrent: true },
  ({ executable: python }) => {
    const farmWith = (plugins: string[], options: Partial<FarmOptions> = {}) =>
      openFarm(plugins, { python, ...options });
    const problemsOf = async (farm: Farm, plugin: string) =>
      (await farm.problems()).filter((problem) => problem.plugin === plugin);
    const eventsOf = async (farm: Farm, plugin: string) =>
      (await farm.eventLog()).flatMap((entry) =>
        entry.kind === "callback" && entry.plugin === plugin ? [entry] : [],
      );

    describe("loading event plugins", () => {
      it("finds nothing wrong with a sound plugin", async () => {
        await using farm = await farmWith(["Recorder"]);
        await farm.act("suspend", (await submit(farm)).jobId);
        await farm.stopApplication("monitor");
        expect(await problemsOf(farm, "Recorder")).toEqual([]);
      });

      it("refuses a callback before super().__init__() where Deadline 10.3 does", async () => {
        await using farm = await farmWith(["MissingSuper"]);
        await submit(farm);
        expect(await problemsOf(farm, "MissingSuper")).toMatchObject([
          { kind: "load", error: expect.stringContaining("before super().__init__()") },
        ]);
        expect(await eventsOf(farm, "MissingSuper")).toEqual([]);
      });

      it("lets it pass where Deadline 10.1 does", async () => {
        await using farm = await farmWith(["MissingSuper"], { strict: false });
        await submit(farm);
        expect(await problemsOf(farm, "MissingSuper")).toEqual([]);
        expect(await farm.log()).toContain("INFO: MissingSuper saw shot");
      });

      it("has no __file__", async () => {
        await using farm = await farmWith(["ReadsFile"]);
        await submit(farm);
        expect(await problemsOf(farm, "ReadsFile")).toMatchObject([
          { kind: "load", error: expect.stringContaining("'__file__' is not defined") },
        ]);
      });

      it("reports a cleanup that deletes the wrong thing", async () => {
        await using farm = await farmWith(["WrongCleanup"]);
        await farm.cleanHouse();
        await farm.stopApplication("pulse");
        expect(await problemsOf(farm, "WrongCleanup")).toMatchObject([
          { kind: "cleanup", error: expect.stringContaining("OnHouseCleaning") },
        ]);
      });

      it("reports a plugin that hooks nothing", async () => {
        await using farm = await farmWith(["NoHooks"]);
        await submit(farm);
        expect(await problemsOf(farm, "NoHooks")).toContainEqual(
          expect.objectContaining({ kind: "hook", error: "no callback is hooked" }),
        );
      });

      it("reports a handler in another event's callback", async () => {
        await using farm = await farmWith(["WrongHook"]);
        const { jobId } = await submit(farm);
        await farm.reportError(jobId, "out of memory");
        expect(await problemsOf(farm, "WrongHook")).toContainEqual(
          expect.objectContaining({ kind: "hook", error: "OnJobDeleted is hooked into OnJobErrorCallback" }),
        );
        await farm.act("delete", jobId);
        expect(await farm.log()).not.toContain("WrongHook saw");
      });
    });

    describe("calling event plugins", () => {
      it("runs each event in the application that caused it", async () => {
        await using farm = await farmWith(["Recorder"]);
        const { jobId } = await submit(farm);
        await farm.act("suspend", jobId);
        await farm.act("resume", jobId, { application: "web-service" });
        await farm.finishLocally(jobId, { worker: "worker-7" });
        const [submission] = await farm.commands();
        const seen = (await eventsOf(farm, "Recorder")).map(
          ({ event, application }) => `${event} ${application}`,
        );
        expect(seen).toEqual([
          `OnJobSubmitted ${submission?.application}`,
          "OnJobSuspended monitor",
          "OnJobResumed web-service",
          "OnJobStarted worker-7",
          "OnJobFinished worker-7",
        ]);
      });

      it("gives no event to a plugin that is disabled", async () => {
        await using farm = await farmWith([]);
        await submit(farm);
        expect(await farm.eventLog()).not.toContainEqual(expect.objectContaining({ kind: "callback" }));
      });

      it("gives an opt-in plugin the jobs that opt in", async () => {
        await using farm = await farmWith([]);
        await farm.configureEvent("Recorder", { State: "Opt-In" });
        await submit(farm, { Name: "out", EventOptIns: "Other" });
        await submit(farm, { Name: "in", EventOptIns: "Other,Recorder" });
        const log = await farm.log();
        expect(log).toContain("OnJobSubmitted in");
        expect(log).not.toContain("OnJobSubmitted out");
      });

      it("keeps a job with SuppressEvents to itself", async () => {
        await using farm = await farmWith(["Recorder"]);
        const { jobId } = await submit(farm, { SuppressEvents: true });
        await farm.act("delete", jobId);
        expect(await eventsOf(farm, "Recorder")).toEqual([]);
      });

      it("shows a changed setting to a running sandbox, several lines joined by ;", async () => {
        await using farm = await farmWith(["Recorder"]);
        const { jobId } = await submit(farm);
        await farm.act("suspend", jobId);
        await farm.configureEvent("Recorder", { Greeting: ["good", "morning"] });
        await farm.act("resume", jobId);
        expect(await farm.log("monitor")).toMatch(/greeting: none\n[\s\S]*greeting: good;morning\n/);
      });

      it("takes only settings that the .param file offers", async () => {
        await using farm = await farmWith([]);
        const configure = (settings: Settings) => farm.configureEvent("Recorder", settings);
        await expect(configure({ State: "Enabled" })).rejects.toThrow(
          "State is one of Global Enabled, Opt-In, Disabled",
        );
        await expect(configure({ Greetings: "hello" })).rejects.toThrow("there is no setting Greetings");
        await expect(farm.configureEvent("Nobody", {})).rejects.toThrow(
          "the repository has no plugin Nobody",
        );
      });

      it("maps paths to those of the machine", async () => {
        await using farm = await farmWith(["Recorder"]);
        await farm.mapPaths([{ from: "P:\\shots", to: "/mnt/shots" }]);
        await farm.submit({
          jobInfo: { Plugin: "Blender" },
          pluginInfo: { SceneFile: "p:/shots/a.blend" },
        });
        expect(await farm.log()).toContain("scene: /mnt/shots/a.blend");
      });

      it.each([
        ["suspend", "Suspended", "Suspended", "OnJobSuspended"],
        ["pend", "Pending", "Pending", "OnJobPended"],
        ["complete", "Completed", "Completed", "OnJobFinished"],
        ["fail", "Failed", "Failed", "OnJobFailed"],
      ] as const)("raises the event of: %s", async (action, jobStatus, taskStatus, event) => {
        await using farm = await farmWith(["Recorder"]);
        const { jobId } = await submit(farm);
        expect(await farm.act(action, jobId)).toMatchObject([{ plugin: "Recorder", event, error: null }]);
        expect(await farm.job(jobId)).toMatchObject({ JobStatus: jobStatus });
        expect(await farm.tasks(jobId)).toMatchObject([{ Status: taskStatus }]);
        const [back, backEvent] = BACK[action];
        expect(await farm.act(back, jobId)).toMatchObject([{ event: backEvent, error: null }]);
        expect(await farm.job(jobId)).toMatchObject({ JobStatus: "Active" });
        expect(await farm.tasks(jobId)).toMatchObject([{ Status: "Queued" }]);
        expect(await farm.act("delete", jobId)).toMatchObject([{ event: "OnJobDeleted", error: null }]);
        expect(await farm.job(jobId)).toMatchObject({ where: "deleted" });
      });

      it("keeps metadata from one application to the next", async () => {
        await using farm = await farmWith(["Recorder"]);
        await submit(farm);
        await farm.cleanHouse();
        expect(await farm.log("pulse")).toContain("OnHouseCleaning, last seen: OnJobSubmitted shot");
        expect(await farm.metaData("Recorder")).toEqual({ last: "OnJobSubmitted shot" });
      });

      it("logs what a callback raises, and goes on", async () => {
        await using farm = await farmWith(["Troublesome", "WrongSignature"]);
        expect(await submit(farm, { Name: "raise" })).toMatchObject({ exitCode: 0 });
        const { jobId } = await submit(farm, { Name: "leave" });
        const [fired] = await farm.act("suspend", jobId);
        expect(fired).toMatchObject({
          plugin: "WrongSignature",
          error: expect.stringContaining("positional argument"),
        });
        const log = await farm.log();
        expect(log).toContain("ERROR: Troublesome.OnJobSubmitted: ValueError: no such shot");
        expect(log).toContain("ERROR: Troublesome.OnJobSubmitted: SystemExit: leaving");
      });

      it.each(["hang", "crash"])(
        "replaces a sandbox that a callback makes %s, and the action succeeds",
        async (name) => {
          await using farm = await farmWith(["Troublesome"], { hangMs: 500 });
          const { jobId, exitCode } = await submit(farm, { Name: name });
          expect(exitCode).toBe(0);
          expect(await farm.job(jobId)).toMatchObject({ JobStatus: "Active" });
          const [first] = await farm.fire("OnJobSubmitted", jobId);
          expect(first).toMatchObject({ plugin: "Troublesome", event: "OnJobSubmitted", killed: true });
          const sound = await submit(farm, { Name: "sound" });
          const [second] = await farm.fire("OnJobSubmitted", sound.jobId);
          expect(second).toMatchObject({ plugin: "Troublesome", error: null });
        },
      );

      it("replaces a sandbox that has stopped between two events", async () => {
        await using farm = await farmWith(["Recorder"]);
        await farm.cleanHouse();
        const sandbox = processesOf(farm.path).find((line) => line.endsWith(" pulse"));
        process.kill(pidIn(sandbox ?? ""), "SIGSTOP");
        await farm.setLimits({ silenceMs: 500 });
        expect(await farm.cleanHouse()).toMatchObject([{ event: "OnHouseCleaning", killed: true }]);
        expect(await farm.log("pulse")).toContain("froze outside of a plugin's call at OnHouseCleaning");
        await farm.setLimits({ silenceMs: 20_000 });
        expect(await farm.cleanHouse()).toMatchObject([{ plugin: "Recorder", error: null }]);
      });

      it("raises the event of a plugin's own action inside of the first event", async () => {
        await using farm = await farmWith(["Nested"]);
        const { jobId } = await submit(farm);
        expect(await farm.job(jobId)).toMatchObject({ JobStatus: "Suspended" });
        expect(await farm.log()).toContain("INFO: before\nINFO: during, Suspended\nINFO: after\n");
      });

      it("has a cache of jobs in each application, which GetJob can bypass", async () => {
        await using farm = await farmWith(["Caching"]);
        const { jobId } = await submit(farm);
        for (const color of ["red", "green"]) {
          await farm.deadlinecommand("-SetJobExtraInfoKeyValue", jobId, "color", color);
          await farm.fire("OnJobStarted", jobId);
        }
        expect((await farm.log("monitor")).match(/(cached|stored): .*/g)).toEqual([
          "cached: red",
          "stored: red",
          "cached: red",
          "stored: green",
        ]);
      });

      it("lets a stale SaveJob overwrite what others have written", async () => {
        await using farm = await farmWith(["StaleSave"]);
        const stale = await farm.job((await submit(farm)).jobId);
        expect(stale.ExtraInfoKeyValues).toEqual({ Saved: "by the handler" });
        const fresh = await farm.job((await submit(farm, { Name: "careful" })).jobId);
        expect(fresh.ExtraInfoKeyValues).toEqual({ Written: "by another", Saved: "by the handler" });
      });

      it.each([
        ["unknown listener member", "NotKnown: the harness does not know Listener.LogError", "unknown"],
        ["unknown job member", "NotKnown: the harness does not know Job.JobColor", "unknown"],
        ["unknown job property set", "NotKnown: the harness does not know that Job.JobColour can", "unknown"],
        ["read-only job property", "NotKnown: the harness does not know that Job.JobStatus can", "unknown"],
        ["unknown utility", "NotKnown: the harness does not know RepositoryUtils.PokeJob", "unknown"],
        ["None as string", "NotKnown: the harness does not know what Job.JobExtraInfo0 makes", "unknown"],
        ["absent entry", "NotKnown: the harness does not know what GetConfigEntry answers", "unknown"],
        ["too few arguments", "TypeError", "unknown"],
        ["array as list", "TypeError", "unknown"],
        ["array append", "AttributeError", "unknown"],
        ["plain str", "KeyError", "unknown"],
        ["number as string", "TypeError: No method matches", "breaks"],
        ["id for a job", "TypeError: No method matches", "breaks"],
      ])("does not put up with: %s", async (attempt, error, verdict) => {
        await using farm = await farmWith(["Presumptuous"]);
        await submit(farm, { Name: attempt });
        const [fired] = await eventsOf(farm, "Presumptuous");
        expect(fired).toMatchObject({ error: expect.stringContaining(error), verdict });
      });

      it.each([
        ["state as text", "equals 'Active'"],
        ["state as number", "equals 1"],
      ])("puts up with, and notes that it does not know: %s", async (attempt, doubt) => {
        await using farm = await farmWith(["Presumptuous"]);
        await submit(farm, { Name: attempt });
        expect(await eventsOf(farm, "Presumptuous")).toMatchObject([{ error: null }]);
        expect(await problemsOf(farm, "Presumptuous")).toContainEqual(
          expect.objectContaining({ kind: "unknown", error: expect.stringContaining(doubt) }),
        );
      });
    });

    describe("deadlinecommand", () => {
      it("takes any characters as UTF-16 with a byte order mark", async () => {
        await using farm = await farmWith(["Recorder"]);
        const { jobId } = await submit(farm, { Name: "Schlüssel 鍵" });
        expect(await farm.job(jobId)).toMatchObject({
          JobName: "Schlüssel 鍵",
          JobInfo: { Name: "Schlüssel 鍵" },
        });
        const [command] = await farm.commands();
        expect(command).toMatchObject({
          caller: "artist",
          exitCode: 0,
          jobId,
          files: [{ encoding: "utf-16" }, {}],
        });
        expect(command?.files[0]?.text).toContain("Name=Schlüssel 鍵");
      });

      it("takes files without a mark as long as they are ASCII", async () => {
        await using farm = await farmWith([]);
        const info = { Plugin: "Printer", Name: "shot" };
        expect(await farm.submit({ jobInfo: info, encoding: "utf-8" })).toMatchObject({ exitCode: 0 });
        const refused = await farm.submit({ jobInfo: { ...info, Name: "Schlüssel" }, encoding: "utf-8" });
        expect(refused).toMatchObject({ exitCode: 1, jobId: "", stdout: expect.stringContaining("UTF-16") });
        expect(await farm.jobs()).toHaveLength(1);
      });

      it.each([
        [{ Tint: "red" }, '"Tint" is not a key of a job info'],
        [{ Priority: "high" }, 'Priority is a number, not "high"'],
        [{ IsFrameDependent: "maybe" }, 'IsFrameDependent is true or false, not "maybe"'],
        [{ Frames: "first" }, '"first" is not a frame list'],
        [{ Plugin: "" }, "has no Plugin"],
        [{ InitialStatus: "Asleep" }, "InitialStatus is Active or Suspended"],
        [{ ExtraInfoKeyValue0: "alone" }, "key=value"],
      ])("refuses the job info %o", async (jobInfo, reason) => {
        await using farm = await farmWith([]);
        expect(await submit(farm, jobInfo as Record<string, string>)).toMatchObject({
          exitCode: 1,
          stdout: expect.stringContaining(reason),
        });
        expect(await farm.jobs()).toEqual([]);
      });

      it("makes tasks of frames, and keeps all that the job info says", async () => {
        await using farm = await farmWith([]);
        const { jobId } = await submit(farm, {
          Frames: "1-5,8,20-30x5",
          ChunkSize: 3,
          InitialStatus: "Suspended",
          BatchName: "film",
          ExtraInfo3: "three",
          ExtraInfoKeyValue0: "RJ_Tag=a=b",
          OutputDirectory0: "/out",
          OutputFilename0: "shot_####.png",
        });
        expect((await farm.tasks(jobId)).map(({ Frames }) => Frames)).toEqual([
          [1, 2, 3],
          [4, 5],
          [8],
          [20],
          [25],
          [30],
        ]);
        expect(await farm.job(jobId)).toMatchObject({
          JobStatus: "Suspended",
          JobBatchName: "film",
          JobExtraInfo: ["", "", "", "three", "", "", "", "", "", ""],
          ExtraInfoKeyValues: { RJ_Tag: "a=b" },
          JobOutputDirectories: ["/out"],
          JobOutputFileNames: ["shot_####.png"],
        });
      });

      it("reads and sets extra info", async () => {
        await using farm = await farmWith([]);
        const { jobId } = await submit(farm);
        expect(await farm.deadlinecommand("-SetJobExtraInfoKeyValue", jobId, "key", "value")).toMatchObject({
          exitCode: 0,
        });
        expect((await farm.job(jobId)).ExtraInfoKeyValues).toEqual({ key: "value" });
        expect((await farm.deadlinecommand("-GetJobSetting", jobId, "JobName")).stdout).toBe("shot\n");
        expect(await farm.deadlinecommand("-MakeCoffee")).toMatchObject({ exitCode: 1 });
      });

      it("is counted apart when a callback waits for it", async () => {
        await using farm = await farmWith(["Submits"]);
        const { jobId } = await submit(farm, { InitialStatus: "Suspended" });
        await farm.setDeadlineCommand({ mode: "slow", delayMs: 200 });
        const [fired] = await farm.fire("OnJobSubmitted", jobId);
        expect(fired?.deadlinecommandMs).toBeGreaterThanOrEqual(200);
        expect(fired?.callbackMs).toBeGreaterThan(fired?.deadlinecommandMs ?? Number.NaN);
        expect((await farm.commands()).map(({ caller }) => caller)).toEqual(["artist", "plugin", "plugin"]);
      });

      it.each([
        ["fail", "deadlinecommand: 1 Error", 1],
        ["no-id", "deadlinecommand: 0 Submitting", 2],
      ] as const)("can %s on request", async (mode, line, jobs) => {
        await using farm = await farmWith(["Submits"]);
        await farm.setDeadlineCommand({ mode });
        await submit(farm);
        const log = await farm.log();
        expect(log).toContain(line);
        expect(log).not.toContain("JobID=");
        expect(await farm.jobs()).toHaveLength(jobs);
      });

      it.for([
        ["hang", 1],
        ["hang-after-submit", 2],
      ] as const)("can %s on request, and is gone with the sandbox", async ([mode, jobs], { expect }) => {
        await using farm = await farmWith(["Submits"], { hangMs: 1000 });
        await farm.setDeadlineCommand({ mode });
        expect(await submit(farm)).toMatchObject({ exitCode: 0 });
        expect(await farm.jobs()).toHaveLength(jobs);
        const calls = () => processesOf(farm.path).filter((line) => line.includes("deadlinecommand"));
        await expect.poll(calls).toEqual([]);
      });
    });

    describe("dependencies", () => {
      it("releases a job once all that it depends on is completed", async () => {
        await using farm = await farmWith(["Recorder"]);
        const [first, second] = [await submit(farm), await submit(farm)];
        const { jobId } = await submit(farm, {
          Name: "comp",
          JobDependencies: `${first.jobId},${second.jobId}`,
        });
        await farm.finishLocally(first.jobId);
        expect(await farm.scanPending()).toEqual([]);
        expect(await farm.job(jobId)).toMatchObject({ JobStatus: "Pending" });
        await farm.finishLocally(second.jobId);
        expect(await farm.scanPending()).toEqual([jobId]);
        expect(await farm.job(jobId)).toMatchObject({ JobStatus: "Active" });
        expect(await farm.log("pulse")).toContain("OnJobReleased comp");
      });

      it.each([
        ["fail", "ResumeOnFailedDependencies"],
        ["delete", "ResumeOnDeletedDependencies"],
      ] as const)("is not content with %s unless it says %s", async (action, flag) => {
        await using farm = await farmWith([]);
        const helper = await submit(farm);
        const strict = await submit(farm, { JobDependencies: helper.jobId });
        const lenient = await submit(farm, { JobDependencies: helper.jobId, [flag]: true });
        await farm.act(action, helper.jobId);
        expect(await farm.scanPending()).toEqual([lenient.jobId]);
        expect(await farm.job(strict.jobId)).toMatchObject({ JobStatus: "Pending" });
      });

      it("starts single tasks of a frame-dependent job", async () => {
        await using farm = await farmWith([]);
        const script = await shellScript("true");
        const { jobId: render } = await submit(farm, { Frames: "1-2" }, [script]);
        const { jobId: comp } = await submit(farm, {
          Frames: "1-2",
          JobDependencies: render,
          IsFrameDependent: true,
        });
        await (await farm.runTask(render, { taskId: 1 })).outcome;
        expect(await farm.scanPending()).toEqual([comp]);
        expect((await farm.tasks(comp)).map(({ Status }) => Status)).toEqual(["Pending", "Queued"]);
        await (await farm.runTask(render)).outcome;
        await farm.scanPending();
        expect((await farm.tasks(comp)).map(({ Status }) => Status)).toEqual(["Queued", "Queued"]);
      });
    });

    describe("render plugins", () => {
      it("runs the executable and passes its output through the handlers", async () => {
        await using farm = await farmWith(["Recorder"]);
        const script = await shellScript(
          'echo "frames $1-$2, in time: $IN_TIME, too early: $TOO_EARLY."',
          'echo "Progress: 40%"',
          'echo "REMEMBER: 42"',
          'echo "loud" >&2',
          'echo "Progress: 100%"',
        );
        const { jobId } = await submit(farm, { Frames: "3-5", ChunkSize: 3 }, [script]);
        const outcome = await (await farm.runTask(jobId)).outcome;
        expect(outcome).toMatchObject({
          status: "completed",
          progress: [40, 100],
          statusMessages: ["at 40 %", "at 100 %"],
        });
        expect(outcome.lines).toContain("STDOUT: frames 3-5, in time: set, too early: .");
        expect(outcome.lines).toContain("STDOUT: loud");
        expect(outcome.lines).not.toContainEqual(expect.stringContaining("Progress:"));
        expect(await farm.job(jobId)).toMatchObject({
          JobStatus: "Completed",
          ExtraInfoKeyValues: { Remembered: "42" },
        });
        expect(await farm.log("worker-1")).toContain("OnJobFinished shot");
      });

      it.each([
        ["FailRender", 'echo "FAIL: no credits"; sleep 600', "RenderPluginException: no credits"],
        ["an exit code", "exit 3", "Renderer returned non-zero error code 3"],
      ])("makes an error report of %s, and queues the task again", async (_, line, message) => {
        await using farm = await farmWith(["Recorder"]);
        const { jobId } = await submit(farm, {}, [await shellScript(line)]);
        expect(await (await farm.runTask(jobId)).outcome).toMatchObject({
          status: "errored",
          message: expect.stringContaining(message),
        });
        expect(await farm.tasks(jobId)).toMatchObject([{ Status: "Queued", Errors: 1 }]);
        expect(await farm.reports(jobId)).toMatchObject([
          { taskId: 0, message: expect.stringContaining(message) },
        ]);
        expect(await farm.log("worker-1")).toContain("OnJobError shot task 0");
        expect(processesOf(farm.path).filter((process) => process.includes("shot.sh"))).toEqual([]);
      });

      it("fails a job that has had too many errors", async ({ expect }) => {
        await using farm = await farmWith(["Recorder"]);
        const limit = { OverrideJobFailureDetection: true, FailureDetectionJobErrors: 2 };
        const { jobId } = await submit(farm, limit, [await shellScript("exit 1")]);
        await (await farm.runTask(jobId)).outcome;
        expect(await farm.job(jobId)).toMatchObject({ JobStatus: "Active", JobErrors: 1 });
        await (await farm.runTask(jobId)).outcome;
        expect(await farm.job(jobId)).toMatchObject({ JobStatus: "Failed" });
        expect(await farm.log("worker-1")).toContain("OnJobFailed shot");
      });

      it("leaves no process behind when the Worker is killed, and the task can be rendered again", async ({
        expect,
      }) => {
        await using farm = await farmWith([]);
        const { jobId } = await submit(farm, { MachineLimit: 1 }, [
          await shellScript(
            'sleep 600 & echo "child $!"',
            'setsid sleep 600 & echo "own session $!"',
            '(sleep 600 & echo "orphan $!")',
            "wait",
          ),
        ]);
        const run = await farm.runTask(jobId);
        const children: number[] = [];
        for (const pattern of [/child \d+/, /own session \d+/, /orphan \d+/])
          children.push(pidIn(await run.seen(pattern)));
        await expect(farm.runTask(jobId, { worker: "worker-2" })).rejects.toThrow("no such task");
        await run.kill();
        expect(await run.outcome).toMatchObject({ status: "killed" });
        await expect.poll(() => children.filter(isAlive)).toEqual([]);
        expect(await farm.tasks(jobId)).toMatchObject([{ Status: "Rendering", Worker: "worker-1" }]);
        await farm.requeueTask(jobId);
        const again = await farm.runTask(jobId, { worker: "worker-2" });
        await again.seen(/child/);
      });

      it("takes a task away from its Worker when the job is suspended", async ({ expect }) => {
        await using farm = await farmWith([]);
        const { jobId } = await submit(farm, {}, [await shellScript('sleep 600 & echo "child $!"', "wait")]);
        const run = await farm.runTask(jobId);
        const child = pidIn(await run.seen(/child \d+/));
        await farm.act("suspend", jobId);
        expect(await run.outcome).toMatchObject({ status: "canceled" });
        await expect.poll(() => isAlive(child)).toBe(false);
        expect(await farm.tasks(jobId)).toMatchObject([{ Status: "Suspended" }]);
      });

      it("raises the events of a render plugin's actions in the Worker", async () => {
        await using farm = await farmWith(["Recorder"]);
        const original = await submit(farm, { Name: "original", InitialStatus: "Suspended" });
        const script = await shellScript('echo "COMPLETE"');
        const { jobId } = await farm.submit({
          jobInfo: { Plugin: "Printer", Name: "helper" },
          pluginInfo: { Original: original.jobId },
          auxFiles: [script],
        });
        expect(await (await farm.runTask(jobId, { worker: "bridge" })).outcome).toMatchObject({
          status: "completed",
        });
        expect(await farm.job(original.jobId)).toMatchObject({ JobStatus: "Completed" });
        expect(await farm.log("bridge")).toMatch(/OnJobFinished original[\s\S]*OnJobFinished helper/);
      });

      it("runs several tasks of a job on a Worker at a time, in one copy of the plugin", async () => {
        await using farm = await farmWith([]);
        const go = join(scripts, `go-${python.replaceAll("/", "-")}`);
        const script = await shellScript(
          "echo ready",
          `until [ -e '${go}' ]; do sleep 0.05; done`,
          '[ -e Printer.py ] && echo "the plugin is there"',
        );
        const { jobId } = await submit(farm, { Frames: "1-2" }, [script]);
        const runs = [await farm.runTask(jobId, { taskId: 0 })];
        await runs[0]?.seen(/ready/);
        runs.push(await farm.runTask(jobId, { taskId: 1 }));
        await runs[1]?.seen(/ready/);
        await writeFile(go, "");
        for (const run of runs) {
          const { status, lines } = await run.outcome;
          expect([status, lines]).toEqual([
            "completed",
            expect.arrayContaining(["STDOUT: the plugin is there"]),
          ]);
        }
      });

      it("ends a task that takes longer than the job's time-out, and refuses one that is done too soon", async () => {
        await using farm = await farmWith(["TimesOut"]);
        const { jobId } = await submit(farm, { Frames: "1" }, [await shellScript("echo ready", "sleep 600")]);
        const run = await farm.runTask(jobId);
        await run.seen(/ready/);
        await farm.passTime(3000);
        await farm.passTime(3000);
        expect(await run.outcome).toMatchObject({
          status: "errored",
          message: "TimedOut: the task took more than 3600 seconds",
        });
        expect(await farm.tasks(jobId)).toMatchObject([{ Status: "Queued", Errors: 1 }]);
        const { jobId: short } = await submit(farm, {}, [await shellScript("true")]);
        expect(await (await farm.runTask(short)).outcome).toMatchObject({
          status: "errored",
          message: "the task took less than 60 seconds",
        });
      });

      it("has no Worker for a job that is not to be rendered", async () => {
        await using farm = await farmWith([]);
        const { jobId } = await submit(farm, { InitialStatus: "Suspended" });
        await expect(farm.runTask(jobId)).rejects.toThrow("is Suspended: no Worker takes it");
        await expect(farm.act("release", jobId)).rejects.toThrow("is Suspended, so nobody can release it");
      });

      it("ends a Worker whose task the farm can book no more", async ({ expect }) => {
        await using farm = await farmWith([]);
        const { jobId } = await submit(farm, {}, [
          await shellScript(`trap 'echo "Progress: 1%"' USR1`, "echo $$", "while :; do sleep 0.1; done"),
        ]);
        const run = await farm.runTask(jobId);
        const render = pidIn(await run.seen(/STDOUT: \d+/));
        await rm(join(farm.path, "tasks", `${jobId}.json`));
        process.kill(render, "SIGUSR1");
        expect(await run.outcome).toMatchObject({
          status: "killed",
          message: expect.stringContaining("the harness failed"),
        });
        await run.kill();
        await expect.poll(() => isAlive(render)).toBe(false);
      });
    });
  },
);

describe.runIf(newest)("the end of a farm", { concurrent: true }, () => {
  const farmWith = (options: Partial<FarmOptions> = {}) => openFarm([], { python: newest, ...options });
  /** A task with children that outlive a Worker that is careless. */
  async function startTask(farm: Farm) {
    const { jobId } = await submit(farm, {}, [await clingingScript()]);
    const run = await farm.runTask(jobId);
    await run.seen(/ready/);
    return run;
  }
  const clingingScript = () =>
    shellScript(
      'sleep 600 & echo "child $!"',
      'setsid sleep 600 & echo "own session $!"',
      "echo ready; wait",
    );
  const childrenIn = (lines: string[]) => lines.filter((line) => /child|session/.test(line)).map(pidIn);
  const supervisorOf = (farm: Farm) =>
    pidIn(processesOf(farm.path).find((line) => line.includes(" serve ")) ?? "");

  it("comes when the test's process is killed, whatever hangs", async ({ expect }) => {
    const test = startProgram([ABANDONED_FARM, newest, FIXTURES, await clingingScript()]);
    const { farm, lines } = JSON.parse(await test.seen(/^\{/));
    test.process.kill("SIGKILL");
    await test.outcome;
    const children = childrenIn(lines);
    expect(children).toHaveLength(2);
    await expect.poll(() => [...processesOf(farm), ...children.filter(isAlive)]).toEqual([]);
    await rm(farm, { recursive: true });
  });

  it("is an error when the harness is stopped, and complete", async ({ expect }) => {
    const farm = await farmWith({ closeMs: 500 });
    const { outcome, lines } = await startTask(farm);
    process.kill(supervisorOf(farm), "SIGSTOP");
    await expect(farm[Symbol.asyncDispose]()).rejects.toThrow("did not end within 0.75 s and was killed");
    await expect(outcome).rejects.toThrow("The harness has ended: SIGKILL");
    await expect.poll(() => [...processesOf(farm.path), ...childrenIn(lines).filter(isAlive)]).toEqual([]);
  });

  it("is an error when a plugin hangs, and names its application", async ({ expect }) => {
    const farm = await farmWith({ closeMs: 500 });
    await farm.configureEvent("Stubborn", { State: "Global Enabled" });
    await farm.cleanHouse({ application: "hangs-in-cleanup" });
    await expect(farm[Symbol.asyncDispose]()).rejects.toThrow(/Killed are:\n.*hangs-in-cleanup/);
  });

  it("comes when the harness dies, with its last words", async ({ expect }) => {
    const farm = await farmWith();
    const { outcome, lines } = await startTask(farm);
    await expect(farm.requeueTask((await farm.jobs())[0]?.JobId ?? "", 99)).rejects.toThrow("IndexError");
    const cleaning = farm.cleanHouse({ application: "hangs-at-import" });
    process.kill(supervisorOf(farm), "SIGKILL");
    const lastWords = /The harness has ended: SIGKILL[\s\S]*IndexError/;
    await Promise.all(
      [outcome, cleaning, farm.jobs()].map((answer) => expect(answer).rejects.toThrow(lastWords)),
    );
    await expect.poll(() => [...processesOf(farm.path), ...childrenIn(lines).filter(isAlive)]).toEqual([]);
    await expect(farm[Symbol.asyncDispose]()).rejects.toThrow("The harness has ended");
  });

  it("fails immediately if the Python does not exist", async ({ expect }) => {
    await expect(farmWith({ python: "/nonexistent/python" })).rejects.toThrow("did not start");
  });
});

describe("the judge", () => {
  it("names what is wrong with each plugin of a folder", () => {
    const [python] = pythons;
    const verdicts = judge(python?.executable ?? "", join(FIXTURES, "custom", "events"));
    const stages = (plugin: string, deadline: string) =>
      verdicts
        .filter((v) => v.plugin === plugin && v.deadline === deadline)
        .flatMap((v) => v.problems.map((p) => p.stage));
    const verdictOn = (plugin: string) =>
      verdicts.filter((v) => v.plugin === plugin).map(({ deadline, verdict }) => `${deadline} ${verdict}`);
    expect(stages("Recorder", "10.3")).toEqual([]);
    expect(stages("MissingSuper", "10.3")).toEqual(["load"]);
    expect(stages("MissingSuper", "10.1")).toEqual([]);
    expect(stages("ReadsFile", "10.1")).toEqual(["load"]);
    expect(stages("NoHooks", "10.3")).toEqual(["hook", "cleanup"]);
    expect(stages("WrongCleanup", "10.3")).toEqual(["cleanup"]);
    expect(stages("WrongSignature", "10.3")).toEqual(["hook", "OnJobSuspended"]);
    expect(stages("WrongHook", "10.3")).toEqual(["hook", "hook", "OnJobError"]);
    expect(stages("UsesMuch", "10.3")).toEqual([]);
    expect(stages("Gap", "10.3")).toEqual(["unknown", "OnSlaveStarted"]);
    for (const plugin of ["Recorder", "Saves", "UsesMuch"])
      expect(verdictOn(plugin)).toEqual(["10.3 holds", "10.1 holds"]);
    for (const plugin of ["NoHooks", "WrongCleanup", "WrongHook", "WrongSignature"])
      expect(verdictOn(plugin)).toEqual(["10.3 breaks", "10.1 breaks"]);
    for (const plugin of ["Gap", "ReadsFile"])
      expect(verdictOn(plugin)).toEqual(["10.3 unknown", "10.1 unknown"]);
    expect(verdictOn("MissingSuper")).toEqual(["10.3 breaks", "10.1 holds"]);
    expect(verdictOn("Antique")).toEqual(["10.3 breaks", "10.1 unknown"]);
  });

  const foreign = process.env.DEADLINE_EVENTS_DIR;
  if (!foreign)
    process.stderr.write("SKIPPED: DEADLINE_EVENTS_DIR is not set to a folder of event plugins to judge.\n");
  it.skipIf(!foreign).each(pythons)(
    "judges other people's plugins on Python $version",
    ({ executable: path }) => {
      const folder = foreign ?? "";
      const verdicts = judge(path, folder);
      for (const { plugin, deadline, verdict, problems } of verdicts)
        process.stdout.write(`${plugin}, Deadline ${deadline}: ${verdict} ${problems[0]?.error ?? ""}\n`);
      const judged = new Set(verdicts.map(({ plugin }) => plugin));
      const present = readdirSync(folder).filter((name) => existsSync(join(folder, name, `${name}.py`)));
      expect([...judged].sort()).toEqual(present.sort());
    },
    JUDGE_LIMIT_MS,
  );
});

const BACK = {
  suspend: ["resume", "OnJobResumed"],
  pend: ["release", "OnJobReleased"],
  complete: ["requeue", "OnJobRequeued"],
  fail: ["resume", "OnJobResumed"],
} as const;

let scripts = "";
beforeAll(async () => {
  scripts = await mkdtemp(join(tmpdir(), "deadline-scripts-"));
});
afterAll(() => rm(scripts, { recursive: true, force: true }));

/** A script for the Printer plugin; it is given the first and the last frame. */
async function shellScript(...lines: string[]): Promise<string> {
  const path = join(await mkdtemp(join(scripts, "script-")), "shot.sh");
  await writeFile(path, `${lines.join("\n")}\n`);
  return path;
}

/** Lines of the pid and the command. */
function processesOf(folder: string): string[] {
  const { stdout } = spawnSync("ps", ["-eo", "pid,args"], { encoding: "utf8", timeout: 60_000 });
  return stdout.split("\n").filter((line) => line.includes(folder));
}

function isAlive(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], {
    encoding: "utf8",
    timeout: 60_000,
  });
  return stdout.trim() !== "" && !stdout.startsWith("Z");
}

function pidIn(text: string): number {
  return Number(/\d+/.exec(text)?.[0]);
}

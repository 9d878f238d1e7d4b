import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { HarnessProcess } from "./harness-process.ts";
import { JsonLines } from "./json-lines.ts";
import { TaskRun } from "./task-run.ts";

export { HARNESS } from "./harness-process.ts";
export { TaskRun };

/** How long the harness waits before it kills. */
interface Limits {
  /** A callback of an event plugin. Default 20 s. */
  hangMs?: number;
  /** The next word of a sandbox that is in no plugin's code: one that starts, for example. Default 20 s. */
  silenceMs?: number;
}

export interface FarmOptions extends Limits {
  /** The Python interpreter of the farm. */
  python: string;
  /** A folder with `custom/events` and `custom/plugins`. */
  repository: string;
  /** Enforce `super().__init__()` as Deadline 10.3 does; false is 10.1 and 10.2. Default true. */
  strict?: boolean;
  /** How long the farm may take to end gracefully. Default 10 s. */
  closeMs?: number;
  /** The environment of all the farm's machines. Default: that of the test. */
  env?: NodeJS.ProcessEnv;
}

type JobStatus = "Active" | "Suspended" | "Completed" | "Failed" | "Pending";
type TaskStatus = "Queued" | "Rendering" | "Completed" | "Failed" | "Suspended" | "Pending";

/** A job's document in the farm's database. Times are seconds since 1970. */
export interface Job {
  JobId: string;
  JobName: string;
  JobPlugin: string;
  JobBatchName: string;
  JobStatus: JobStatus;
  JobUserName: string;
  JobPool: string;
  JobGroup: string;
  JobPriority: number;
  JobFrames: string;
  JobFramesList: number[];
  JobFramesPerTask: number;
  JobDependencyIDs: string[];
  JobOutputDirectories: string[];
  JobOutputFileNames: string[];
  /** JobExtraInfo0 to 9. */
  JobExtraInfo: string[];
  ExtraInfoKeyValues: Record<string, string>;
  Environment: Record<string, string>;
  EventOptIns: string[];
  JobTaskTimeoutSeconds: number;
  JobMinRenderTimeSeconds: number;
  /** Error reports so far. */
  JobErrors: number;
  JobSubmitDateTime: number;
  JobStartedDateTime: number | null;
  JobCompletedDateTime: number | null;
  /** File names in the job's auxiliary folder. */
  AuxiliaryFiles: string[];
  /** The job info and plugin info as submitted. */
  JobInfo: Record<string, string>;
  PluginInfo: Record<string, string>;
  JobComment: string;
  JobDepartment: string;
}

export interface Task {
  TaskId: number;
  Frames: number[];
  Status: TaskStatus;
  /** Percent. */
  Progress: number;
  /** The last SetStatusMessage. */
  Message: string;
  /** The Worker that has it, or had it last. */
  Worker: string;
  /** Error reports of this task. */
  Errors: number;
}

/** One callback of one event plugin. */
export interface Fired {
  kind: "callback";
  application: string;
  event: string;
  plugin: string;
  jobId: string | null;
  /** All the time the callback took, that of deadlinecommand included. */
  callbackMs: number;
  /** The part of it that was spent waiting for deadlinecommand processes. */
  deadlinecommandMs: number;
  error: string | null;
  /** Whose fault an error is: a rule of Deadline is broken, or the harness does not know. */
  verdict: "breaks" | "unknown" | null;
  /** The sandbox hung or crashed and was replaced. */
  killed?: boolean;
}

/** A plugin that failed to load or to clean up, whose hooks look wrong, or that relies on what the harness does not know. */
export interface PluginProblem {
  kind: "load" | "hook" | "cleanup" | "unknown";
  application: string;
  plugin: string;
  error: string;
  verdict: "breaks" | "unknown";
}

export interface RecordedCommand {
  id: string;
  argv: string[];
  /** Who called: a test through `submit`, or a plugin. */
  caller: "artist" | "plugin";
  /** Its own application name, as in `log`. */
  application: string;
  /** The info files of a submission; without encoding where they could not be read. */
  files: { path: string; encoding: "utf-16" | "utf-8-sig" | "ascii" | null; text: string }[];
  /** Absent while the job does not exist. */
  jobId?: string;
  /** Absent while it runs, and if it was killed. */
  exitCode?: number;
  durationMs?: number;
}

export interface Submission {
  jobInfo: Record<string, string | number | boolean>;
  pluginInfo?: Record<string, string | number | boolean>;
  auxFiles?: string[];
  /** Default utf-16, with a byte order mark; utf-8 goes without. */
  encoding?: "utf-16" | "utf-8";
}

export interface Submitted {
  /** Empty if there is none. */
  jobId: string;
  stdout: string;
  exitCode: number | null;
}

/**
 * How deadlinecommand treats its next calls by plugins; those of `submit` always work. `hang` does nothing at all,
 * `hang-after-submit` hangs once the job exists, `no-id` submits and does not print the id, `slow` takes `delayMs`
 * (default 3000) longer.
 */
export interface DeadlineCommandMode {
  mode: "ok" | "slow" | "hang" | "hang-after-submit" | "fail" | "no-id";
  delayMs?: number;
}

export type Action =
  | "suspend"
  | "resume"
  | "requeue"
  | "pend"
  | "release"
  | "complete"
  | "fail"
  | "delete"
  | "archive";

/** Settings of a plugin. Lines of a multi-line value come back joined by `;`. */
export type Settings = Record<string, string | number | boolean | readonly string[]>;

export type Farm = Awaited<ReturnType<typeof startFarm>>;

/** A farm in a temporary folder. All its machines are processes of this one. */
export async function startFarm(options: FarmOptions) {
  const { python, repository, strict = true, env = process.env } = options;
  const { hangMs = 20_000, silenceMs = 20_000, closeMs = 10_000 } = options;
  const folder = await mkdtemp(join(tmpdir(), "deadline-farm-"));
  const harness = new HarnessProcess(python, folder, env);
  const runs = new Map<number, TaskRun>();
  const runOf = (number: number): TaskRun => {
    const known = runs.get(number);
    if (known) return known;
    const run = new TaskRun();
    runs.set(number, run);
    harness.ended.then(({ error }) => run.fail(error));
    return run;
  };
  const lines = new JsonLines(harness.input, harness.output, (message) => runOf(message.run).take(message));
  harness.ended.then(({ error }) => lines.end(error));
  const configure = (change: Record<string, unknown>) => lines.ask<void>("configure", { change });
  try {
    await configure({ repository, strict, hangMs, silenceMs, closeMs });
  } catch (error) {
    await dispose().catch(() => {});
    throw error;
  }

  async function dispose(): Promise<void> {
    try {
      // It gives up itself after `closeMs`.
      await harness.stop(closeMs * 1.5);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Submits a job as an artist's submitter does: two info files for deadlinecommand. */
  async function submit({ jobInfo, pluginInfo = {}, auxFiles = [], encoding = "utf-16" }: Submission) {
    const files = await mkdtemp(join(folder, "submission-"));
    const paths = [join(files, "job_info.job"), join(files, "plugin_info.job")] as const;
    await writeFile(paths[0], encodeInfo(jobInfo, encoding));
    await writeFile(paths[1], encodeInfo(pluginInfo, encoding));
    return deadlinecommand(...paths, ...auxFiles);
  }

  /** Runs the farm's deadlinecommand as an artist. */
  async function deadlinecommand(...argv: string[]): Promise<Submitted> {
    const command = spawn(join(folder, "bin", "deadlinecommand"), argv, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...env, DEADLINE_HARNESS_CALLER: "artist" },
    });
    const [[exitCode], stdout, stderr] = await Promise.all([
      once(command, "close") as Promise<[number | null]>,
      text(command.stdout),
      text(command.stderr),
    ]);
    // Its own errors go to stdout.
    if (stderr) throw new Error(`deadlinecommand broke:\n${stderr}`);
    return { jobId: /^JobID=(.+)$/m.exec(stdout)?.[1] ?? "", stdout, exitCode };
  }

  return {
    /** The farm's folder: `logs`, `jobs`, `bin`, `temp`, … */
    path: folder,
    submit,
    deadlinecommand,
    /** Settings of an event plugin, over those it has; `State` is `Global Enabled`, `Opt-In` or `Disabled`. */
    configureEvent: (name: string, settings: Settings) =>
      configure({ events: { [name]: stringify(settings) } }),
    /** Settings of a render plugin, over those it has. */
    configurePlugin: (name: string, settings: Settings) =>
      configure({ plugins: { [name]: stringify(settings) } }),
    setLimits: (limits: Limits) => configure({ ...limits }),
    /** What CheckPathMapping replaces: prefixes, the first that fits. */
    mapPaths: (pathMappings: { from: string; to: string }[]) => configure({ pathMappings }),
    setDeadlineCommand: (deadlineCommand: DeadlineCommandMode) => configure({ deadlineCommand }),

    /** A job's document; `where` tells whether it is deleted. */
    job: (jobId: string) => lines.ask<Job & { where: "jobs" | "deleted" | "archived" }>("job", { jobId }),
    /** All jobs that are neither deleted nor archived, oldest first. */
    jobs: () => lines.ask<Job[]>("jobs"),
    tasks: (jobId: string) => lines.ask<Task[]>("tasks", { jobId }),
    /** The job's error reports. */
    reports: (jobId: string) => lines.ask<{ taskId: number; message: string }[]>("reports", { jobId }),

    /** What a user does to a job. Throws an Error if the job's state forbids it. */
    act: (action: Action, jobId: string, { application = "monitor" } = {}) =>
      lines.ask<Fired[]>("act", { action, jobId, application }),
    /** A task is to be rendered again: by a user, or because its Worker is dead. */
    requeueTask: (jobId: string, taskId = 0) => lines.ask<void>("requeue_task", { jobId, taskId }),
    /** An error report of a Worker; too many fail the job. */
    reportError: (jobId: string, message: string, { taskId = 0, worker = "worker-1" } = {}) =>
      lines.ask<Fired[]>("report_error", { jobId, taskId, message, worker }),
    /** The Pending Job Scan: the ids of the jobs that it released. */
    scanPending: ({ application = "pulse" } = {}) => lines.ask<string[]>("scan_pending", { application }),
    cleanHouse: ({ application = "pulse" } = {}) => lines.ask<Fired[]>("clean_house", { application }),
    /** A Worker renders all that is left of a job, in no time. */
    finishLocally: (jobId: string, { worker = "worker-1" } = {}) =>
      lines.ask<Fired[]>("finish_locally", { jobId, worker }),
    /** A Worker reports an error and the job fails of it. */
    failLocally: (jobId: string, message: string, { worker = "worker-1" } = {}) =>
      lines.ask<Fired[]>("fail_locally", { jobId, message, worker }),
    /** Raises an event without its cause. */
    fire: (event: string, jobId?: string, { application = "monitor", ...rest }: FireOptions = {}) =>
      lines.ask<Fired[]>("raise_event", { event, jobId: jobId ?? null, application, arguments: rest }),

    /** A Worker takes a task, the first queued one by default, and really runs the job's render plugin. */
    async runTask(jobId: string, options: RunOptions = {}) {
      const { taskId = null, worker = "worker-1", env: extra = {}, isDeaf = false } = options;
      const params = { jobId, taskId, worker, env: extra, deaf: isDeaf };
      const { run: number, taskId: taken } = await lines.ask<{ run: number; taskId: number }>(
        "start_task",
        params,
      );
      const run = runOf(number);
      return {
        taskId: taken,
        outcome: run.outcome,
        seen: (pattern: RegExp) => run.seen(pattern),
        lines: run.lines,
        progress: run.progress,
        statusMessages: run.statusMessages,
        /** SIGKILL for the Worker and everything that it started. The task stays "Rendering". */
        kill: () => lines.ask<void>("kill_run", { run: number }),
      };
    },

    /** As if the tasks that are rendering had been at it for that much longer: the job's time-out may end them. */
    passTime: (seconds: number) => lines.ask<void>("pass_time", { seconds }),
    /** The log of an application: monitor, pulse, worker-1, deadlinecommand-…; without a name, of all. */
    log: (application?: string) => lines.ask<string>("log", { application: application ?? null }),
    eventLog: () => lines.ask<(Fired | PluginProblem)[]>("event_log"),
    /** What is wrong with plugins, or doubtful, beside the errors of their callbacks. */
    problems: async () =>
      (await lines.ask<(Fired | PluginProblem)[]>("event_log")).filter((entry) => entry.kind !== "callback"),
    /** All calls of deadlinecommand, oldest first. */
    commands: () => lines.ask<RecordedCommand[]>("commands"),
    /** What an event plugin keeps in the database. */
    metaData: (plugin: string) => lines.ask<Record<string, string>>("meta_data", { plugin }),
    /** Ends an application: its listeners clean up. The next event starts it again. */
    stopApplication: (application: string) => lines.ask<void>("stop_application", { application }),

    [Symbol.asyncDispose]: dispose,
  };
}

export interface RunOptions {
  taskId?: number;
  worker?: string;
  /** On top of the farm's environment. */
  env?: Record<string, string>;
  /** The Worker does not notice when its task is taken away. */
  isDeaf?: boolean;
}

export interface FireOptions {
  application?: string;
  taskId?: number;
  /** The report message of OnJobError. */
  message?: string;
  worker?: string;
}

function encodeInfo(info: Record<string, string | number | boolean>, encoding: "utf-16" | "utf-8"): Buffer {
  const lines = Object.entries(info).map(([key, value]) => `${key}=${value}\n`);
  return encoding === "utf-16"
    ? Buffer.from(`\uFEFF${lines.join("")}`, "utf16le")
    : Buffer.from(lines.join(""));
}

function stringify(settings: Settings): Record<string, string | readonly string[]> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      key,
      typeof value === "object" ? value : booleanText(value),
    ]),
  );
}

/** .NET writes True and False. */
function booleanText(value: string | number | boolean): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  return String(value);
}

import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";

/** As Deadline numbers them in `Stat`. */
export const STAT = { Active: 1, Suspended: 2, Completed: 3, Failed: 4, Pending: 6 } as const;
export type StateName = keyof typeof STAT;

type TaskState = "Queued" | "Rendering" | "Completed" | "Failed" | "Suspended" | "Pending";

export interface EmulatedTask {
  TaskID: number;
  Frames: string;
  State: TaskState;
}

/** A job as the Web Service shows it: Deadline's abbreviated keys. Only those that something here reads or writes. */
export interface JobDocument {
  _id: string;
  Plug: string;
  Stat: number;
  Props: Record<string, unknown> & {
    Name: string;
    Batch: string;
    User: string;
    Cmmt: string;
    Pool: string;
    Grp: string;
    Pri: number;
    Frames: string;
    Tasks: number;
    Dep: { JobID: string }[];
    PlugInfo: Record<string, string>;
  };
  Aux: string[];
  Errs: number;
  QueuedChunks: number;
  RenderingChunks: number;
  CompletedChunks: number;
  FailedChunks: number;
  SuspendedChunks: number;
  PendingChunks: number;
}

export interface Submission {
  readonly JobInfo?: Record<string, unknown>;
  readonly PluginInfo?: Record<string, unknown>;
  readonly AuxFiles?: readonly string[];
}

/** What the Web Service answers 500 to: an exception inside Deadline. */
export class DeadlineException extends Error {}

/** What each verb makes of the tasks in the named states; `null` stands for all. */
const VERBS: Readonly<Record<string, { from: readonly TaskState[] | null; to: TaskState }>> = {
  suspend: { from: ["Queued", "Rendering", "Pending"], to: "Suspended" },
  suspendnonrendering: { from: ["Queued", "Pending"], to: "Suspended" },
  resume: { from: ["Suspended"], to: "Queued" },
  resumefailed: { from: ["Failed"], to: "Queued" },
  requeue: { from: ["Rendering", "Completed", "Failed"], to: "Queued" },
  pend: { from: ["Queued", "Rendering", "Suspended"], to: "Pending" },
  releasepending: { from: ["Pending"], to: "Queued" },
  complete: { from: null, to: "Completed" },
  fail: { from: ["Queued", "Rendering", "Suspended", "Pending"], to: "Failed" },
};

/** The farm's jobs, in memory. */
export class EmulatedJobs {
  readonly #live = new Map<string, JobDocument>();
  readonly #deleted = new Map<string, JobDocument>();
  readonly #archived = new Map<string, JobDocument>();
  readonly #tasks = new Map<string, EmulatedTask[]>();

  list(): JobDocument[] {
    return [...this.#live.values()];
  }

  listDeleted(): JobDocument[] {
    return [...this.#deleted.values()];
  }

  find(id: string): JobDocument | undefined {
    return this.#live.get(id);
  }

  get(id: string): JobDocument {
    return this.#live.get(id) ?? throwException(`There is no job with the ID "${id}".`);
  }

  tasks(id: string): EmulatedTask[] {
    return this.#tasks.get(this.get(id)._id) ?? [];
  }

  submit({ JobInfo = {}, PluginInfo = {}, AuxFiles = [] }: Submission, dependsOn?: string): JobDocument {
    const info = textValues(JobInfo);
    if (!info.Plugin) throw new DeadlineException("The job info has no Plugin.");
    // Nothing is uploaded: the Web Service must see the files itself.
    const unseen = AuxFiles.find((path) => !existsSync(path));
    if (unseen !== undefined) throw new DeadlineException(`Could not find file "${unseen}".`);
    const dependencies = [...(info.JobDependencies?.split(",") ?? []), ...(dependsOn ? [dependsOn] : [])];
    const state =
      dependencies.length > 0 ? "Pending" : info.InitialStatus === "Suspended" ? "Suspended" : "Queued";
    const job = newDocument(info, textValues(PluginInfo), AuxFiles, dependencies);
    this.#live.set(job._id, job);
    const frames = expand(job.Props.Frames);
    this.#tasks.set(
      job._id,
      frames.map((frame, index) => ({ TaskID: index, Frames: frame, State: state })),
    );
    job.Props.Tasks = frames.length;
    this.#derive(job);
    return job;
  }

  apply(command: string, id: string, taskIds?: readonly number[]): void {
    const job = this.get(id);
    const verb = VERBS[command];
    if (!verb) throw new DeadlineException(`Unknown command "${command}".`);
    for (const task of this.tasks(id)) {
      const isMeant = taskIds === undefined || taskIds.includes(task.TaskID);
      if (isMeant && (verb.from === null || verb.from.includes(task.State))) task.State = verb.to;
    }
    this.#derive(job);
  }

  /** The whole document, over whatever is there: the last writer wins. The counts are Deadline's own. */
  save(document: JobDocument): void {
    const job = this.get(document._id);
    this.#live.set(job._id, structuredClone(document));
    this.#derive(this.get(job._id));
  }

  delete(id: string): void {
    move(id, this.#live, this.#deleted);
  }

  undelete(id: string): void {
    move(id, this.#deleted, this.#live);
  }

  archive(id: string): void {
    move(id, this.#live, this.#archived);
  }

  /** State and counts follow from the tasks. */
  #derive(job: JobDocument): void {
    const states = (this.#tasks.get(job._id) ?? []).map(({ State }) => State);
    const count = (state: TaskState) => states.filter((one) => one === state).length;
    job.QueuedChunks = count("Queued");
    job.RenderingChunks = count("Rendering");
    job.CompletedChunks = count("Completed");
    job.FailedChunks = count("Failed");
    job.SuspendedChunks = count("Suspended");
    job.PendingChunks = count("Pending");
    job.Stat = STAT[stateOf(states)];
  }
}

function stateOf(states: readonly TaskState[]): StateName {
  if (states.some((state) => state === "Queued" || state === "Rendering")) return "Active";
  if (states.includes("Suspended")) return "Suspended";
  if (states.includes("Pending")) return "Pending";
  return states.includes("Failed") ? "Failed" : "Completed";
}

function newDocument(
  info: Record<string, string>,
  plugInfo: Record<string, string>,
  aux: readonly string[],
  dependencies: readonly string[],
): JobDocument {
  return {
    _id: randomBytes(12).toString("hex"),
    Plug: info.Plugin ?? "",
    Stat: STAT.Active,
    Props: {
      Name: info.Name ?? "Untitled",
      Batch: info.BatchName ?? "",
      User: info.UserName ?? "webservice",
      Cmmt: info.Comment ?? "",
      Pool: info.Pool ?? "none",
      Grp: info.Group ?? "none",
      Pri: Number(info.Priority ?? 50),
      Frames: info.Frames ?? "0",
      Tasks: 0,
      Dep: dependencies.map((id) => ({ JobID: id })),
      PlugInfo: plugInfo,
    },
    Aux: [...aux],
    Errs: 0,
    QueuedChunks: 0,
    RenderingChunks: 0,
    CompletedChunks: 0,
    FailedChunks: 0,
    SuspendedChunks: 0,
    PendingChunks: 0,
  };
}

function move(id: string, from: Map<string, JobDocument>, to: Map<string, JobDocument>): void {
  const job = from.get(id) ?? throwException(`There is no job with the ID "${id}".`);
  from.delete(id);
  to.set(id, job);
}

function textValues(record: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, String(value)]));
}

/** `1-3` and `1,5` are all that tests need. */
function expand(frames: string): string[] {
  return frames.split(",").flatMap((part) => {
    const [first = 0, last = first] = part.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => String(first + index));
  });
}

function throwException(message: string): never {
  throw new DeadlineException(message);
}

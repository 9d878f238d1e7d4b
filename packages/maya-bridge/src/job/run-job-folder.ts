import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError, initialState, type JobEvent, type JobResult } from "@renderjuice/core";
import {
  type CancelOutcome,
  describeCancel,
  describeShortfall,
  ensureCanceled,
  frameFiles,
  readSettings,
} from "@renderjuice/core/adapter";
import type { JobHandle, NodeClient } from "@renderjuice/core/node";
import { createContactSheet } from "@renderjuice/frames";
import { lock } from "proper-lockfile";
import { prepareScene } from "../scene/prepare-scene.ts";
import { watchForCancel } from "./cancel-request.ts";
import { describeEvent, type StateChange } from "./describe-event.ts";
import { describeFailure } from "./describe-failure.ts";
import { type JobRequest, readJobRequest } from "./job-request.ts";
import { isFinal, type JobState, readJobState, writeJobState } from "./job-state.ts";

const LOCK_STALE_MS = 10_000;
const PROGRESS_INTERVAL_MS = 500;
const CANCEL_DEADLINE_MS = 120_000;

export interface RunOptions {
  readonly connect: () => NodeClient;
  /** Called with every state, including the final one. */
  readonly onState: (state: JobState) => void;
}

/**
 * Runs a job that Maya has left in a folder to its end: prepares the scene, renders it once however often this is
 * called, and downloads the frames. Errors become the job's last state.
 *
 * @throws ConfigError if there is no job in the folder, or another bridge is running it.
 */
export async function runJobFolder(folder: string, options: RunOptions): Promise<JobState> {
  const request = await readJobRequest(folder);
  await using claim = await claimFolder(folder);
  const before = await readJobState(folder);
  if (before && isFinal(before)) return before;
  const state = await new FolderRun(folder, request, before, claim.lost, options).run();
  if (isFinal(state)) await removeCopies(folder);
  return state;
}

class FolderRun {
  readonly #folder: string;
  readonly #request: JobRequest;
  /** Aborted if another bridge has taken over the folder. */
  readonly #lost: AbortSignal;
  readonly #options: RunOptions;
  #state: JobState;
  #handle: JobHandle | undefined;
  #lastProgressMs = Number.NEGATIVE_INFINITY;

  constructor(
    folder: string,
    request: JobRequest,
    before: JobState | undefined,
    lost: AbortSignal,
    options: RunOptions,
  ) {
    this.#folder = folder;
    this.#request = request;
    this.#lost = lost;
    this.#options = options;
    this.#state = before ?? { id: request.id, revision: 0, phase: "preparing", message: "", warnings: [] };
  }

  async run(): Promise<JobState> {
    using cancel = watchForCancel(this.#folder);
    const jobId = await readRecordedJobId(this.#folder);
    try {
      if (jobId !== undefined) await this.#goOnWith(jobId);
      if (cancel.signal.aborted) return await this.#cancelEarlier(jobId);
      return await this.#render(jobId, cancel.signal);
    } catch (error) {
      this.#lost.throwIfAborted();
      // Canceled while the scene was prepared, so nothing was sent.
      if (error === cancel.signal.reason) return this.#wasCanceled();
      const change = describeFailure(error, this.#handle?.state ?? initialState(jobId));
      if (!change) throw error;
      return this.#change(change);
    }
  }

  /** An earlier bridge may have started the render, so from here on our errors do not give it up. */
  #goOnWith(jobId: string): Promise<JobState> {
    return this.#change({ phase: "rendering", message: `Continuing job ${jobId}.`, renderJobId: jobId });
  }

  async #render(jobId: string | undefined, canceled: AbortSignal): Promise<JobState> {
    const sourcePaths = jobId === undefined ? await this.#prepare(canceled) : [];
    const client = this.#options.connect();
    // A render that was ended by the farm or in its dashboard is not started again.
    const handle =
      jobId === undefined
        ? client.submit(sourcePaths, { ...submitOptions(this.#request), once: this.#once })
        : client.submit({ jobId }, submitOptions(this.#request));
    this.#handle = handle;
    let ending: Promise<CancelOutcome | undefined> | undefined;
    const end = () => {
      ending ??= handle.cancel({ deadlineMs: CANCEL_DEADLINE_MS });
      ending.catch(() => undefined);
    };
    canceled.addEventListener("abort", end);
    const leave = () => handle.detach(this.#lost.reason);
    this.#lost.addEventListener("abort", leave);
    try {
      this.#lost.throwIfAborted();
      if (canceled.aborted) end();
      for await (const event of handle) {
        const change = this.#isTooOften(event) ? undefined : describeEvent(event, handle.state, this.#state);
        if (change) await this.#change(change);
      }
      return await this.#finish(await handle);
    } catch (error) {
      if (!ending) throw error;
      return this.#wasCanceled(await ending);
    } finally {
      handle.detach();
    }
  }

  get #once() {
    return { tag: `maya-${this.#request.id}`, recordFile: join(this.#folder, "record.json") };
  }

  /** @returns what to submit */
  async #prepare(canceled: AbortSignal): Promise<readonly string[]> {
    await this.#change({ phase: "preparing", message: "Packing the scene." });
    const { sourcePaths, report } = await prepareScene(this.#request, {
      folder: this.#folder,
      signal: AbortSignal.any([canceled, this.#lost]),
      say: (message) => void this.#change({ message }),
    });
    if (report.warnings.length > 0) await this.#change({ warnings: [...report.warnings] });
    return sourcePaths;
  }

  /** A fast upload reports its progress thousands of times; the file does not need as many updates. */
  #isTooOften({ type }: JobEvent): boolean {
    if (!type.endsWith("-progressed")) return false;
    const now = performance.now();
    if (now - this.#lastProgressMs < PROGRESS_INTERVAL_MS) return true;
    this.#lastProgressMs = now;
    return false;
  }

  async #finish({ downloads }: JobResult): Promise<JobState> {
    const frames = downloads ? frameFiles(downloads) : [];
    const { folder } = this.#request.output;
    const [first] = frames;
    const contactSheet = join(folder, "contact_sheet.png");
    if (first) await createContactSheet({ files: frames.map(({ path }) => path), outFile: contactSheet });
    const shortfalls = downloads ? describeShortfall(downloads) : [];
    return this.#change({
      phase: "completed",
      message: [
        `${frames.length} frames are in ${folder}.`,
        ...shortfalls.map(({ message }) => message),
      ].join(" "),
      ...(shortfalls.length > 0 && {
        hint: shortfalls.map(({ hint }) => hint).join(" "),
        warnings: [...this.#state.warnings, ...shortfalls.map(({ message, hint }) => `${message} ${hint}`)],
      }),
      framesFolder: folder,
      completedFrames: frames.length,
      ...(first && { firstFrame: first.path, contactSheet }),
    });
  }

  /** Requested while no bridge was running. */
  async #cancelEarlier(jobId: string | undefined): Promise<JobState> {
    if (jobId === undefined) return this.#wasCanceled();
    const client = this.#options.connect();
    return this.#wasCanceled(await ensureCanceled(client, jobId, { deadlineMs: CANCEL_DEADLINE_MS }));
  }

  #wasCanceled(outcome?: CancelOutcome): Promise<JobState> {
    const isPlain = outcome === undefined || outcome.job.status === "canceled";
    const message = isPlain ? "Canceled." : describeCancel(outcome);
    return this.#change({ phase: "canceled", message });
  }

  async #change(change: StateChange): Promise<JobState> {
    const state = { ...this.#state, ...change, revision: this.#state.revision + 1 };
    this.#state = state;
    await writeJobState(this.#folder, state);
    this.#options.onState(state);
    return state;
  }
}

function submitOptions({ facts, frames, settings, output, requireComplete }: JobRequest) {
  const { width, height } = facts.resolution;
  return {
    frames,
    settings: { fps: facts.fps, resolution: [width, height], ...readSettings(settings) },
    requireComplete,
    download: { outDir: output.folder, framePattern: output.pattern },
  };
}

async function readRecordedJobId(folder: string): Promise<string | undefined> {
  const path = join(folder, "record.json");
  return existsSync(path) ? JSON.parse(await readFile(path, "utf8")).jobId : undefined;
}

/** Large and no longer useful. The request and the outcome stay. */
async function removeCopies(folder: string): Promise<void> {
  for (const name of ["source", "caches"]) await rm(join(folder, name), { recursive: true, force: true });
}

/** Two bridges on one job would tell Maya different things. */
async function claimFolder(folder: string): Promise<AsyncDisposable & { readonly lost: AbortSignal }> {
  const lost = new AbortController();
  try {
    const release = await lock(folder, {
      lockfilePath: join(folder, "bridge.lock"),
      stale: LOCK_STALE_MS,
      // A killed bridge leaves a lock that nobody updates.
      retries: { retries: 15, minTimeout: 1000, maxTimeout: 1000 },
      onCompromised: (cause) => lost.abort(folderTaken(folder, cause)),
    });
    return { lost: lost.signal, [Symbol.asyncDispose]: () => release().catch(() => undefined) };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ELOCKED") throw cause;
    throw folderTaken(folder, cause);
  }
}

function folderTaken(folder: string, cause: unknown): ConfigError {
  return new ConfigError({
    code: "invalid_option",
    option: "job",
    message: `Another bridge is running the job in ${folder}, or the folder no longer exists.`,
    hint: "renderjuice-maya status shows the job's progress.",
    cause,
  });
}

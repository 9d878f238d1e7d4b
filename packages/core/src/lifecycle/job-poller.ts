import type { ClientEventListener } from "../client-events.ts";
import { NotFoundError, RenderjuiceError } from "../errors/index.ts";
import type { JobsResource } from "../resources/jobs.ts";
import type { Runtime } from "../runtime.ts";
import type { Job, JobProgress } from "../schemas/index.ts";
import { JobPageReader } from "./job-page-reader.ts";
import type { PollPolicy } from "./poll-policy.ts";

/** Up to this many jobs, asking for each is no dearer than asking for the list. */
const MAX_SINGLE_READS = 2;
/** With more jobs than this nobody watches single frames: progress is asked for on every fifth poll only. */
const MAX_JOBS_WITH_LIVE_PROGRESS = 20;
const PROGRESS_EVERY = 5;

export interface Watch {
  readonly jobId: string;
  /** Called with each answer; true ends the watch. */
  readonly onJob: (job: Job) => boolean;
  readonly onProgress?: (progress: JobProgress) => void;
  readonly onError: (error: unknown) => void;
  readonly onEvent?: ClientEventListener;
}

/**
 * Asks for all watched jobs together, so that requests grow with pages of the list and not with jobs. Asks often
 * after a change and seldom while nothing happens; a webhook wakes it.
 */
export class JobPoller {
  readonly #jobs: JobsResource;
  readonly #runtime: Runtime;
  readonly #policy: PollPolicy;
  readonly #pages: JobPageReader;
  readonly #watches = new Set<Watch>();
  readonly #lastSeen = new Map<string, string>();
  #isRunning = false;
  #pauseMs: number;
  #tick = 0;
  #pollAtMs = 0;
  #wakeUp = new AbortController();
  #hasAnswered = false;
  #outageSinceMs: number | undefined;

  constructor(jobs: JobsResource, runtime: Runtime, policy: PollPolicy) {
    this.#jobs = jobs;
    this.#runtime = runtime;
    this.#policy = policy;
    this.#pages = new JobPageReader(jobs);
    this.#pauseMs = policy.initialMs;
  }

  /** Adds a watch and asks soon; the returned function takes it away. */
  watch(watch: Watch): () => void {
    this.#watches.add(watch);
    this.#pauseMs = this.#policy.initialMs;
    if (this.#isRunning) this.#pollBy(this.#runtime.now() + this.#pauseMs);
    else void this.#run();
    return () => this.#remove(watch);
  }

  /** Asks now instead of at the next poll. */
  wake(): void {
    this.#pauseMs = this.#policy.initialMs;
    this.#pollBy(this.#runtime.now());
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    // Watches that are added together are asked for together.
    await Promise.resolve();
    while (this.#watches.size > 0) {
      // What wants to be asked soon while this is under way is heard afterwards.
      this.#pollAtMs = Number.POSITIVE_INFINITY;
      await this.#poll();
      await this.#pause();
    }
    this.#isRunning = false;
  }

  async #pause(): Promise<void> {
    const { now, sleep } = this.#runtime;
    this.#pollAtMs = Math.min(this.#pollAtMs, now() + this.#pauseMs);
    this.#pauseMs = Math.min(this.#policy.maxMs, this.#pauseMs * this.#policy.factor);
    while (this.#watches.size > 0 && now() < this.#pollAtMs) {
      this.#wakeUp = new AbortController();
      const { signal } = this.#wakeUp;
      await sleep(this.#pollAtMs - now(), signal).catch((error) => {
        if (!signal.aborted) throw error;
      });
    }
  }

  #pollBy(atMs: number): void {
    if (atMs >= this.#pollAtMs) return;
    this.#pollAtMs = atMs;
    this.#wakeUp.abort();
  }

  async #poll(): Promise<void> {
    try {
      await this.#readJobs();
      await this.#readProgress();
      this.#hasAnswered = true;
      this.#outageSinceMs = undefined;
    } catch (error) {
      this.#handleFailure(error);
    }
  }

  async #readJobs(): Promise<void> {
    const missing = new Set([...this.#watches].map(({ jobId }) => jobId));
    if (missing.size > MAX_SINGLE_READS) {
      for await (const job of this.#pages.read(missing, this.#callOptions())) {
        missing.delete(job.id);
        this.#deliver(job);
      }
    }
    for (const jobId of missing) await this.#readSingle(jobId);
  }

  async #readSingle(jobId: string): Promise<void> {
    const watches = this.#watchesOf(jobId);
    if (watches.length === 0) return;
    try {
      this.#deliver(await this.#jobs.get(jobId, this.#callOptions()));
    } catch (error) {
      if (!NotFoundError.isInstance(error)) throw error;
      for (const watch of watches) this.#fail(watch, error);
    }
  }

  async #readProgress(): Promise<void> {
    const listeners = [...this.#watches].filter((watch) => watch.onProgress);
    const [first] = listeners;
    if (!first) return;
    this.#tick += 1;
    if (this.#watches.size > MAX_JOBS_WITH_LIVE_PROGRESS && this.#tick % PROGRESS_EVERY !== 0) return;
    const entries =
      listeners.length === 1
        ? [await this.#jobs.progress(first.jobId, this.#callOptions())]
        : await this.#jobs.progressOfAll(this.#callOptions());
    for (const entry of entries) {
      const jobId = listeners.length === 1 ? first.jobId : entry?.jobId;
      if (!entry || !jobId) continue;
      this.#noteChange(`${jobId}/progress`, JSON.stringify(entry.raw));
      for (const watch of this.#watchesOf(jobId)) watch.onProgress?.(entry);
    }
  }

  #deliver(job: Job): void {
    this.#noteChange(job.id, job.status);
    for (const watch of this.#watchesOf(job.id)) {
      try {
        if (watch.onJob(job)) this.#remove(watch);
      } catch (error) {
        this.#fail(watch, error);
      }
    }
  }

  #noteChange(key: string, value: string): void {
    if (this.#lastSeen.get(key) === value) return;
    this.#lastSeen.set(key, value);
    this.#pauseMs = this.#policy.initialMs;
  }

  /** An API that cannot be reached any more is waited out; a refusal ends every wait. */
  #handleFailure(error: unknown): void {
    const nowMs = this.#runtime.now();
    const isNew = this.#outageSinceMs === undefined;
    this.#outageSinceMs ??= nowMs;
    const isTolerated = this.#hasAnswered && RenderjuiceError.isInstance(error) && error.isRetryable;
    if (isTolerated && nowMs - this.#outageSinceMs < this.#policy.outageToleranceMs) {
      if (isNew) this.#announceOutage(error.message);
      return;
    }
    this.#outageSinceMs = undefined;
    for (const watch of this.#watches) this.#fail(watch, error);
  }

  #announceOutage(message: string): void {
    const outage = { type: "retry-scheduled", operation: "poll", attempt: 1, isRateLimit: false } as const;
    this.#callOptions().onEvent({ ...outage, delayMs: this.#pauseMs, message });
  }

  #fail(watch: Watch, error: unknown): void {
    this.#remove(watch);
    watch.onError(error);
  }

  #remove(watch: Watch): void {
    if (!this.#watches.delete(watch)) return;
    if (this.#watchesOf(watch.jobId).length === 0) {
      this.#lastSeen.delete(watch.jobId);
      this.#lastSeen.delete(`${watch.jobId}/progress`);
    }
    if (this.#watches.size === 0) this.#pollBy(this.#runtime.now());
  }

  #watchesOf(jobId: string): Watch[] {
    return [...this.#watches].filter((watch) => watch.jobId === jobId);
  }

  /** Once it has answered, one attempt is enough: the next poll is the retry. */
  #callOptions() {
    const listeners = new Set([...this.#watches].flatMap(({ onEvent }) => (onEvent ? [onEvent] : [])));
    const onEvent: ClientEventListener = (event) => {
      for (const listener of listeners) listener(event);
    };
    return { ...(this.#hasAnswered && { retry: { maxAttempts: 1 } }), onEvent };
  }
}

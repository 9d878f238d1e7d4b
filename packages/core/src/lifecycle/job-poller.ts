import type { Job, JobProgress } from "../contract/index.ts";
import { RenderjuiceError } from "../errors/index.ts";
import type { ClientEventListener } from "../http/client-events.ts";
import type { JobsResource } from "../resources/jobs.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { JobPageReader } from "./job-page-reader.ts";
import type { PollPolicy } from "./poll-policy.ts";
import { ProgressReader } from "./progress-reader.ts";

/** Up to this many jobs, reading each one costs no more than reading the list. */
const MAX_SINGLE_READS = 2;

export interface Watch {
  readonly jobId: string;
  /** Called with every response; returning true ends the watch. */
  readonly onJob: (job: Job) => boolean;
  readonly onProgress?: ((progress: JobProgress) => void) | undefined;
  readonly onError: (error: unknown) => void;
  readonly onEvent?: ClientEventListener | undefined;
}

/**
 * Polls all watched jobs together, so that the number of requests grows with the pages of the list and not with the jobs.
 * Polls often after a change and rarely while nothing happens; a webhook wakes it. An error with one job or watch does not
 * affect the others, and errors with progress, which is best effort, affect none.
 */
export class JobPoller {
  readonly #jobs: JobsResource;
  readonly #runtime: Runtime;
  readonly #policy: PollPolicy;
  readonly #pages: JobPageReader;
  readonly #progress: ProgressReader;
  readonly #watches = new Set<Watch>();
  readonly #lastSeen = new Map<string, string>();
  /** Since when a job cannot be read. */
  readonly #troubledSinceMs = new Map<string, number>();
  #isRunning = false;
  #pauseMs: number;
  #pollAtMs = 0;
  #wakeUp = new AbortController();
  #hasAnswered = false;

  constructor(jobs: JobsResource, runtime: Runtime, policy: PollPolicy) {
    this.#jobs = jobs;
    this.#runtime = runtime;
    this.#policy = policy;
    this.#pages = new JobPageReader(jobs);
    this.#progress = new ProgressReader(jobs, runtime);
    this.#pauseMs = policy.initialMs;
  }

  /** Adds a watch and polls soon. The returned function removes it. */
  watch(watch: Watch): () => void {
    this.#watches.add(watch);
    this.#pauseMs = this.#policy.initialMs;
    if (this.#isRunning) this.#pollBy(this.#runtime.monotonicMs() + this.#pauseMs);
    else void this.#run();
    return () => this.#remove(watch);
  }

  /** Polls now instead of at the next regular time. */
  wake(): void {
    this.#pauseMs = this.#policy.initialMs;
    this.#pollBy(this.#runtime.monotonicMs());
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    // Watches added at the same time are polled together.
    await Promise.resolve();
    while (this.#watches.size > 0) {
      // Requests to poll soon that come in during this poll take effect afterwards.
      this.#pollAtMs = Number.POSITIVE_INFINITY;
      await this.#poll();
      this.#askForProgress();
      await this.#pause();
    }
    this.#isRunning = false;
    this.#progress.stop();
  }

  async #pause(): Promise<void> {
    const { monotonicMs, sleep } = this.#runtime;
    this.#pollAtMs = Math.min(this.#pollAtMs, monotonicMs() + this.#pauseMs);
    this.#pauseMs = Math.min(this.#policy.maxMs, this.#pauseMs * this.#policy.factor);
    while (this.#watches.size > 0 && monotonicMs() < this.#pollAtMs) {
      this.#wakeUp = new AbortController();
      const { signal } = this.#wakeUp;
      await sleep(this.#pollAtMs - monotonicMs(), signal).catch((error) => {
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
    const missing = new Set([...this.#watches].map(({ jobId }) => jobId));
    try {
      if (missing.size > MAX_SINGLE_READS) {
        for await (const job of this.#pages.read(missing, this.#callOptions())) {
          missing.delete(job.id);
          this.#deliver(job);
        }
      }
    } catch (error) {
      this.#noteTrouble([...missing], error);
      return;
    }
    for (const jobId of missing) await this.#readSingle(jobId);
  }

  async #readSingle(jobId: string): Promise<void> {
    if (this.#watchesOf(jobId).length === 0) return;
    try {
      this.#deliver(await this.#jobs.get(jobId, this.#callOptions()));
    } catch (error) {
      this.#noteTrouble([jobId], error);
    }
  }

  #askForProgress(): void {
    const listening = [...this.#watches].filter((watch) => watch.onProgress);
    const jobIds = new Set(listening.map(({ jobId }) => jobId));
    this.#progress.ask(jobIds, (jobId, progress) => {
      this.#noteChange(`${jobId}/progress`, JSON.stringify(progress.raw));
      for (const watch of this.#watchesOf(jobId)) this.#call(watch, () => watch.onProgress?.(progress));
    });
  }

  #deliver(job: Job): void {
    this.#hasAnswered = true;
    this.#troubledSinceMs.delete(job.id);
    this.#noteChange(job.id, job.status);
    for (const watch of this.#watchesOf(job.id)) {
      this.#call(watch, () => {
        if (watch.onJob(job)) this.#remove(watch);
      });
    }
  }

  /** An error thrown by a watch's callback ends that watch. */
  #call(watch: Watch, listener: () => void): void {
    try {
      listener();
    } catch (error) {
      this.#fail(watch, error);
    }
  }

  #noteChange(key: string, value: string): void {
    if (this.#lastSeen.get(key) === value) return;
    this.#lastSeen.set(key, value);
    this.#pauseMs = this.#policy.initialMs;
  }

  /** A job that could be read before is polled for a while longer, since its render costs money. */
  #noteTrouble(jobIds: readonly string[], error: unknown): void {
    const nowMs = this.#runtime.monotonicMs();
    const isNew = jobIds.some((jobId) => !this.#troubledSinceMs.has(jobId));
    const tolerated = jobIds.filter((jobId) => {
      const sinceMs = this.#troubledSinceMs.get(jobId) ?? nowMs;
      this.#troubledSinceMs.set(jobId, sinceMs);
      return nowMs - sinceMs < this.#toleranceMs(jobId, error);
    });
    if (isNew && tolerated.length > 0) this.#announceTrouble(tolerated, error);
    for (const jobId of jobIds.filter((jobId) => !tolerated.includes(jobId))) {
      for (const watch of this.#watchesOf(jobId)) this.#fail(watch, error);
    }
  }

  #toleranceMs(jobId: string, error: unknown): number {
    if (!RenderjuiceError.isInstance(error)) return 0;
    if (error.isRetryable) return this.#hasAnswered ? this.#policy.outageToleranceMs : 0;
    return this.#lastSeen.has(jobId) ? this.#policy.refusalToleranceMs : 0;
  }

  #announceTrouble(jobIds: readonly string[], error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const outage = { type: "retry-scheduled", operation: "poll", attempt: 1, isRateLimit: false } as const;
    const watches = jobIds.flatMap((jobId) => this.#watchesOf(jobId));
    this.#listenerOf(watches)({ ...outage, delayMs: this.#pauseMs, message });
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
      this.#troubledSinceMs.delete(watch.jobId);
    }
    if (this.#watches.size === 0) this.#pollBy(this.#runtime.monotonicMs());
  }

  #watchesOf(jobId: string): Watch[] {
    return [...this.#watches].filter((watch) => watch.jobId === jobId);
  }

  /** Once the API has responded, one attempt is enough: the next poll is the retry. */
  #callOptions() {
    const onEvent = this.#listenerOf([...this.#watches]);
    return { retry: this.#hasAnswered ? { maxAttempts: 1 } : undefined, onEvent };
  }

  /** Calls each listener once, however many watches share it. */
  #listenerOf(watches: readonly Watch[]): ClientEventListener {
    const byListener = new Map(watches.map((watch) => [watch.onEvent, watch]));
    return (event) => {
      for (const [listener, watch] of byListener) this.#call(watch, () => listener?.(event));
    };
  }
}

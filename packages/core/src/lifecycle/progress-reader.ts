import type { JobProgress } from "../contract/index.ts";
import { RenderjuiceError } from "../errors/index.ts";
import { BEST_EFFORT, type JobsResource } from "../resources/jobs.ts";
import type { Runtime } from "../runtime/runtime.ts";

/** With more jobs than this nobody watches single frames, so progress is only read every fifth time. */
const MAX_JOBS_WITH_LIVE_PROGRESS = 20;
const PROGRESS_EVERY = 5;
/** How long to wait after progress could not be read. */
const PAUSE_AFTER_FAILURE_MS = 15_000;

/**
 * Reads frame counters in parallel with the polls. The API documents them as best effort, so no response, or the lack of
 * one, ever fails, delays or slows down anything else.
 */
export class ProgressReader {
  readonly #jobs: JobsResource;
  readonly #runtime: Runtime;
  #underWay: AbortController | undefined;
  #notBeforeMs = 0;
  #asked = 0;

  constructor(jobs: JobsResource, runtime: Runtime) {
    this.#jobs = jobs;
    this.#runtime = runtime;
  }

  /** Requests progress, unless the last request is still running. Returns immediately. */
  ask(jobIds: ReadonlySet<string>, onProgress: (jobId: string, progress: JobProgress) => void): void {
    if (jobIds.size === 0 || this.#underWay || this.#runtime.monotonicMs() < this.#notBeforeMs) return;
    this.#asked += 1;
    if (jobIds.size > MAX_JOBS_WITH_LIVE_PROGRESS && this.#asked % PROGRESS_EVERY !== 0) return;
    const underWay = new AbortController();
    this.#underWay = underWay;
    this.#read(jobIds, underWay.signal)
      .then((entries) => {
        if (underWay.signal.aborted) return;
        for (const [jobId, progress] of entries) if (jobIds.has(jobId)) onProgress(jobId, progress);
      })
      .catch((error) => {
        const askedMs = RenderjuiceError.isInstance(error) ? (error.retryAfterMs ?? 0) : 0;
        this.#notBeforeMs = this.#runtime.monotonicMs() + Math.max(PAUSE_AFTER_FAILURE_MS, askedMs);
      })
      .finally(() => {
        if (this.#underWay === underWay) this.#underWay = undefined;
      });
  }

  /** Aborts the current request: nobody is listening anymore. */
  stop(): void {
    this.#underWay?.abort();
    this.#underWay = undefined;
  }

  async #read(jobIds: ReadonlySet<string>, signal: AbortSignal): Promise<(readonly [string, JobProgress])[]> {
    const options = { ...BEST_EFFORT, signal };
    const [only = ""] = jobIds;
    if (jobIds.size === 1) {
      const progress = await this.#jobs.progress(only, options);
      return progress ? [[only, progress]] : [];
    }
    const entries = await this.#jobs.progressOfAll(options);
    return entries.flatMap((entry) => (entry.jobId === undefined ? [] : [[entry.jobId, entry] as const]));
  }
}

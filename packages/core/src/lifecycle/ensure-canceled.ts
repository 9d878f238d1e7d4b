import type { RenderClient } from "../client.ts";
import type { Job } from "../contract/index.ts";
import { isFinalStatus, mayHaveStarted } from "../contract/job-status.ts";
import { ApiError, aboutJob, ConfigError, RenderjuiceError, TimeoutError } from "../errors/index.ts";
import type { CallOptions } from "../http/call-options.ts";
import { DEFAULT_TIMEOUT_MS } from "../http/caller-options.ts";
import { startDeadline } from "../runtime/deadline.ts";
import { wasStartRefused } from "./start-refused.ts";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;
/** A start whose answer was lost may take effect for as long as a request may take. */
const START_DOUBT_MS = DEFAULT_TIMEOUT_MS;
/** Time for that, and for the cancel after it. */
const DEFAULT_DEADLINE_MS = START_DOUBT_MS + 30_000;

export interface EnsureCanceledOptions {
  /** Milliseconds after which to give up. @default 90000 */
  readonly deadlineMs?: number | undefined;
  /**
   * Whether a "start render" may be on its way, from here or from elsewhere: it takes effect after a first cancel was
   * refused because the job was idle. Or the request itself, whose answer ends the doubt; do not cut it off. `false` only
   * for a job that nobody can have started. @default true
   */
  readonly mayStillStart?: boolean | Promise<unknown> | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface CancelOutcome {
  /** As it was seen last: over, or idle. */
  readonly job: Job;
  /** False when it is idle, the farm does not cancel it, and a start that was sent may still take effect. */
  readonly isCertain: boolean;
}

/**
 * Cancels a job and stays until it is over, so that no render goes on that nobody sees. A job that was never started
 * costs nothing: when the farm refuses to cancel it, it is left as it is.
 *
 * @throws TimeoutError `deadline_exceeded` when the job may have been started and was not seen to end in time.
 * @throws ConfigError at once when this is not the id of a job.
 * @throws AuthenticationError, NotFoundError and others when the farm refuses to speak of the job from the first.
 * @example
 * const { job, isCertain } = await ensureCanceled(client, jobId);
 */
export async function ensureCanceled(
  client: RenderClient,
  jobId: string,
  { deadlineMs = DEFAULT_DEADLINE_MS, mayStillStart = true, signal }: EnsureCanceledOptions = {},
): Promise<CancelOutcome> {
  const { runtime } = client.options;
  const operation = `cancel job ${jobId}`;
  const hint = `Job ${jobId} may go on and be billed. Cancel it again, or in the Renderjuice dashboard.`;
  const deadline = startDeadline({ runtime, operation, deadlineMs, signal, hint });
  const doubt = new StartDoubt(mayStillStart, () => runtime.monotonicMs());
  const attempts = new CancelAttempts(client, jobId, deadline.signal);
  const cancelUntilOver = async (): Promise<CancelOutcome> => {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 1.5)) {
      const job = await attempts.next();
      if (job && isFinalStatus(job.status)) return { job, isCertain: true };
      if (job && !mayHaveStarted(job) && !doubt.isOpen()) return { job, isCertain: doubt.isSettled };
      await runtime.sleep(pauseMs, deadline.signal);
    }
  };
  try {
    return await aboutJob(jobId, cancelUntilOver);
  } catch (error) {
    const { last, problem } = attempts;
    if (!deadline.signal?.aborted || signal?.aborted) throw error;
    if (last && !mayHaveStarted(last)) return { job: last, isCertain: false };
    throw new TimeoutError({
      code: "deadline_exceeded",
      operation,
      timeoutMs: deadlineMs,
      jobId,
      job: last,
      hint: problem ? `${problem.message} ${hint}` : hint,
      cause: problem,
    });
  } finally {
    deadline.stop();
  }
}

/** Whether a start that was sent may still take effect. */
class StartDoubt {
  readonly #nowMs: () => number;
  #endsMs: number;
  /** Whether it is known that no start takes effect any more. */
  isSettled: boolean;

  constructor(start: boolean | Promise<unknown>, nowMs: () => number) {
    this.#nowMs = nowMs;
    this.isSettled = start === false;
    this.#endsMs = start === true ? nowMs() + START_DOUBT_MS : Number.POSITIVE_INFINITY;
    if (typeof start === "object") start.catch((error) => this.#hearFailure(error));
  }

  isOpen(): boolean {
    return !this.isSettled && this.#nowMs() < this.#endsMs;
  }

  #hearFailure(error: unknown): void {
    this.isSettled = wasStartRefused(error);
    this.#endsMs = this.#nowMs() + START_DOUBT_MS;
  }
}

/** Asks the farm again and again: to cancel the job, and what it is when that fails. */
class CancelAttempts {
  readonly #client: RenderClient;
  readonly #jobId: string;
  readonly #options: CallOptions;
  /** The job as it was seen last. */
  last: Job | undefined;
  /** What was wrong when it could not be seen. */
  problem: RenderjuiceError | undefined;

  constructor(client: RenderClient, jobId: string, signal: AbortSignal | undefined) {
    this.#client = client;
    this.#jobId = jobId;
    // Few at a time: what is asked next may be known otherwise by then.
    this.#options = { retry: { maxAttempts: 2, maxDelayMs: FIRST_PAUSE_MS }, signal };
  }

  /** @returns the job as it was seen last; undefined as long as the farm gives no usable answer */
  async next(): Promise<Job | undefined> {
    const isKnown = this.last !== undefined;
    try {
      this.last = await this.#cancelOrGet();
      this.problem = undefined;
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      // Nothing was sent, and nothing will be.
      if (!RenderjuiceError.isInstance(error) || ConfigError.isInstance(error)) throw error;
      // A job that nobody knows, or a key that may not: waiting changes nothing.
      if (!isKnown && ApiError.isInstance(error) && !error.isRetryable) throw error;
      this.problem = error;
    }
    return this.last;
  }

  async #cancelOrGet(): Promise<Job> {
    const { jobs } = this.#client;
    return jobs.cancel(this.#jobId, this.#options).catch((error) => {
      this.#options.signal?.throwIfAborted();
      if (!RenderjuiceError.isInstance(error)) throw error;
      return jobs.get(this.#jobId, this.#options);
    });
  }
}

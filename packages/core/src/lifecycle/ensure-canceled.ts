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
/** A start request whose response was lost may still take effect for as long as a request can take. */
const START_DOUBT_MS = DEFAULT_TIMEOUT_MS;
/** Time for that, and for canceling afterwards. */
const DEFAULT_DEADLINE_MS = START_DOUBT_MS + 30_000;

/** Options of `ensureCanceled`. */
export interface EnsureCanceledOptions {
  /** Milliseconds after which to give up. @default 90000 */
  readonly deadlineMs?: number | undefined;
  /**
   * Whether a "start render" request may be on its way, from here or elsewhere: it could take effect after a first cancel
   * was refused because the job was idle. Pass the request's promise if you have it, and do not abort it: its response ends
   * the doubt. Use `false` only for a job that nobody can have started. @default true
   */
  readonly mayStillStart?: boolean | Promise<unknown> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What became of a job that was to be canceled. */
export interface CancelOutcome {
  /** As last seen: finished, or idle. */
  readonly job: Job;
  /** False if it is idle, the farm does not cancel it, and a start request may still take effect. */
  readonly isCertain: boolean;
}

/**
 * Cancels a job and waits until it has ended, so that no render continues unnoticed. A job that was never started costs
 * nothing: if the farm refuses to cancel it, it is left as it is.
 *
 * @throws TimeoutError `deadline_exceeded` if the job may have been started and did not end in time
 * @throws ConfigError immediately, if this is not a job id
 * @throws AuthenticationError, NotFoundError and others if the farm does not let us see the job at all
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
  const hint = `Job ${jobId} may keep running and be billed. Cancel it again, or in the Renderjuice dashboard.`;
  const deadline = startDeadline({ runtime, operation, deadlineMs, signal, hint: () => hint });
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

/** Whether a start request may still take effect. */
class StartDoubt {
  readonly #nowMs: () => number;
  #endsMs: number;
  /** Whether it is certain that no start request will take effect. */
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

/** Repeatedly asks the farm to cancel the job, and for its status if that fails. */
class CancelAttempts {
  readonly #client: RenderClient;
  readonly #jobId: string;
  readonly #options: CallOptions;
  /** The job as last seen. */
  last: Job | undefined;
  /** Why it could not be seen, if so. */
  problem: RenderjuiceError | undefined;

  constructor(client: RenderClient, jobId: string, signal: AbortSignal | undefined) {
    this.#client = client;
    this.#jobId = jobId;
    // Few attempts per call: the next call may find a different state.
    this.#options = { retry: { maxAttempts: 2, maxDelayMs: FIRST_PAUSE_MS }, signal };
  }

  /** @returns the job as last seen; undefined as long as the farm has given no usable response */
  async next(): Promise<Job | undefined> {
    const isKnown = this.last !== undefined;
    try {
      this.last = await this.#cancelOrGet();
      this.problem = undefined;
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      // Nothing was sent, and nothing will be.
      if (!RenderjuiceError.isInstance(error) || ConfigError.isInstance(error)) throw error;
      // An unknown job or a key without permission: waiting will not help.
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

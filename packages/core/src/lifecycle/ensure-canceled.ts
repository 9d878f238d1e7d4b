import type { RenderClient } from "../client.ts";
import { startDeadline } from "../deadline.ts";
import { ApiError } from "../errors/index.ts";
import type { Job } from "../schemas/index.ts";
import { isFinalStatus, mayHaveStarted } from "./status.ts";

const PAUSE_MS = 500;
/** A start that has shown no effect for so long after it was given up never reached the farm. */
const START_GRACE_MS = 10_000;

export interface EnsureCanceledOptions {
  /** Milliseconds after which to give up. */
  readonly deadlineMs: number;
  /**
   * A "start render" was sent and its answer is not known: it may take effect after a first cancel was refused because
   * the job was idle. @default false
   */
  readonly mayStillStart?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Cancels a job and stays until it is over, so that no render goes on that nobody sees. A job that was never started
 * costs nothing: when the farm refuses to cancel it, it is left as it is.
 *
 * @returns the job as it was seen last: over, or idle.
 * @throws TimeoutError `deadline_exceeded` when that could not be confirmed in time: the render may go on.
 */
export async function ensureCanceled(
  client: RenderClient,
  jobId: string,
  { deadlineMs, mayStillStart = false, signal }: EnsureCanceledOptions,
): Promise<Job> {
  const { runtime } = client.options;
  const graceEndsMs = runtime.now() + (mayStillStart ? Math.min(START_GRACE_MS, deadlineMs - PAUSE_MS) : 0);
  const deadline = startDeadline({
    runtime,
    operation: `cancel job ${jobId}`,
    deadlineMs,
    signal,
    hint: `Job ${jobId} may go on and be billed. Cancel it again, or in the Renderjuice dashboard.`,
  });
  try {
    for (;;) {
      const job = await cancelOnce(client, jobId, deadline.signal);
      if (isFinalStatus(job.status)) return job;
      if (!mayHaveStarted(job) && runtime.now() >= graceEndsMs) return job;
      await runtime.sleep(PAUSE_MS, deadline.signal);
    }
  } finally {
    deadline.stop();
  }
}

async function cancelOnce(
  client: RenderClient,
  jobId: string,
  signal: AbortSignal | undefined,
): Promise<Job> {
  // Until the deadline, since there is nothing better to do with a render that nobody wants.
  const options = {
    retry: { maxAttempts: Number.POSITIVE_INFINITY, maxDelayMs: 5000 },
    ...(signal && { signal }),
  };
  try {
    return await client.jobs.cancel(jobId, options);
  } catch (error) {
    if (!ApiError.isInstance(error) || error.isRetryable) throw error;
    return client.jobs.get(jobId, options);
  }
}

import { type Job, TimeoutError, type WaitOptions } from "@renderjuice/core";
import type { Fields } from "./fields-of-item.ts";
import type { OperationCall } from "./operation.ts";

const MINUTE_MS = 60_000;

export interface WaitOutcome {
  readonly job: Job;
  /** True if the time limit was reached first. */
  readonly isTimedOut: boolean;
}

export interface TimeLimit {
  /** @default no limit */
  readonly deadlineMs?: number | undefined;
  readonly isError: boolean;
}

/** Call this before anything else: with an invalid limit, nothing must happen. */
export function readTimeLimit(fields: Fields): TimeLimit {
  const deadlineMs = fields.number("timeLimitMinutes") * MINUTE_MS;
  return {
    deadlineMs: deadlineMs > 0 ? deadlineMs : undefined,
    isError: fields.choice("onTimeLimit") === "error",
  };
}

export async function waitForJob(
  call: OperationCall,
  jobId: string,
  limit: TimeLimit,
  options: Pick<WaitOptions, "until" | "throwOnFailure">,
): Promise<WaitOutcome> {
  return withTimeLimit(call, jobId, limit, (deadline) =>
    call.client.jobs.waitFor(jobId, { ...options, signal: call.signal, ...deadline }),
  );
}

/** Runs work that may take long, and does what the user chose if it takes too long. */
export async function withTimeLimit(
  { client, signal }: OperationCall,
  jobId: string,
  { deadlineMs, isError }: TimeLimit,
  work: (deadline: { readonly deadlineMs?: number | undefined }) => Promise<Job>,
): Promise<WaitOutcome> {
  const outcome = work(deadlineMs === undefined ? {} : { deadlineMs }).then((job) => ({
    job,
    isTimedOut: false,
  }));
  return outcome.catch(async (error) => {
    const isTimeUp = TimeoutError.isInstance(error) && error.code === "deadline_exceeded";
    if (!isTimeUp || isError) throw error;
    return { job: await client.jobs.get(jobId, { signal }), isTimedOut: true };
  });
}

import { type Job, TimeoutError, type WaitOptions } from "@renderjuice/core";
import type { Fields } from "./fields-of-item.ts";
import type { OperationCall } from "./operation.ts";

const MINUTE_MS = 60_000;

export interface WaitOutcome {
  readonly job: Job;
  /** True when the time limit came first. */
  readonly isTimedOut: boolean;
}

export interface TimeLimit {
  /** None: no limit. */
  readonly deadlineMs?: number | undefined;
  readonly isError: boolean;
}

/** To be read before anything is done: with a limit that cannot be, nothing should be. */
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

/** Runs what may take long, and knows what the user wants when it takes too long. */
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
    const isOver = TimeoutError.isInstance(error) && error.code === "deadline_exceeded";
    if (!isOver || isError) throw error;
    return { job: await client.jobs.get(jobId, { signal }), isTimedOut: true };
  });
}

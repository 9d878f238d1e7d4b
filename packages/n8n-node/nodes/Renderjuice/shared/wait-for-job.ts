import { type Job, TimeoutError } from "@renderjuice/core";
import { Fields, type OperationCall } from "./operation.ts";

const MINUTE_MS = 60_000;

export interface WaitOutcome {
  readonly job: Job;
  /** True when the time limit came first. */
  readonly isTimedOut: boolean;
}

/** Waits within the limits that the item's fields give. */
export async function waitForJob(
  call: OperationCall,
  jobId: string,
  until: "validated" | "finished",
  throwOnFailure: boolean,
): Promise<WaitOutcome> {
  return withTimeLimit(call, jobId, (deadline) =>
    call.client.jobs.waitFor(jobId, { until, throwOnFailure, signal: call.signal, ...deadline }),
  );
}

/** Runs what may take long, and knows what the user wants when it takes too long. */
export async function withTimeLimit(
  call: OperationCall,
  jobId: string,
  work: (deadline: { readonly deadlineMs?: number }) => Promise<Job>,
): Promise<WaitOutcome> {
  const fields = new Fields(call);
  const limitMs = fields.number("timeLimitMinutes") * MINUTE_MS;
  const outcome = work(limitMs > 0 ? { deadlineMs: limitMs } : {}).then((job) => ({
    job,
    isTimedOut: false,
  }));
  return outcome.catch(async (error) => {
    const isOver = TimeoutError.isInstance(error) && error.code === "deadline_exceeded";
    if (!isOver || fields.text("onTimeLimit") === "error") throw error;
    return { job: await call.client.jobs.get(jobId, { signal: call.signal }), isTimedOut: true };
  });
}

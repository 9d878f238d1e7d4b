import * as z from "zod/v4";
import type { Job, JobProgress, WebhookEvent } from "../contract/index.ts";
import { describeFailure, hasValidated, isFinalStatus } from "../contract/job-status.ts";
import { JobCanceledError, JobFailedError, withJob } from "../errors/index.ts";
import type { ClientEventListener } from "../http/client-events.ts";
import { startDeadline } from "../runtime/deadline.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { checkInput } from "../settings/check-input.ts";
import { aFunction, anAbortSignal, anAsyncIterable } from "../settings/option-schemas.ts";
import type { JobPoller } from "./job-poller.ts";

/** What to wait for, and for how long. */
export interface WaitOptions {
  /** `"validated"`: validation has succeeded; `"finished"`: the status is final; or your own condition. */
  readonly until: "validated" | "finished" | ((job: Job) => boolean);
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the whole wait. @default no limit */
  readonly deadlineMs?: number | undefined;
  /** Webhook events: one for this job makes the client poll immediately. Polling continues, since failures are not pushed. */
  readonly wake?: AsyncIterable<WebhookEvent> | undefined;
  /** Called with every response. */
  readonly onUpdate?: ((job: Job) => void) | undefined;
  readonly onProgress?: ((progress: JobProgress) => void) | undefined;
  readonly onEvent?: ClientEventListener | undefined;
  /** Whether a failed or canceled job rejects. @default true */
  readonly throwOnFailure?: boolean | undefined;
}

const MEMBERS = {
  signal: anAbortSignal.optional(),
  deadlineMs: z.number().describe("a number of milliseconds").optional(),
  wake: anAsyncIterable.optional(),
  onUpdate: aFunction.optional(),
  onProgress: aFunction.optional(),
  onEvent: aFunction.optional(),
  throwOnFailure: z.boolean().optional(),
} satisfies Record<Exclude<keyof WaitOptions, "until">, z.ZodType>;
const goalSchema = z.strictObject({ ...MEMBERS, until: z.enum(["validated", "finished"]) });
const conditionSchema = z.strictObject({ ...MEMBERS, until: aFunction });

interface WaitContext {
  readonly poller: JobPoller;
  readonly runtime: Runtime;
}

/**
 * @throws JobFailedError, JobCanceledError if the job ends that way, unless `throwOnFailure` is false
 * @throws TimeoutError `deadline_exceeded`; the job keeps running
 */
export async function waitForJob(context: WaitContext, id: string, options: WaitOptions): Promise<Job> {
  const schema: z.ZodType = typeof options?.until === "function" ? conditionSchema : goalSchema;
  checkInput(schema, options, { option: "options", member: "option" });
  const deadline = startDeadline({
    runtime: context.runtime,
    operation: `wait for job ${id}`,
    deadlineMs: options.deadlineMs,
    signal: options.signal,
    hint: () => "The job keeps running. Wait for it again by its id, or cancel it.",
  });
  const { signal } = deadline;
  let last: Job | undefined;
  const hasArrived = (job: Job) => {
    last = job;
    options.onUpdate?.(job);
    return isFinalStatus(job.status) || isReached(job, options.until);
  };
  try {
    const job = await watchUntil(context.poller, id, hasArrived, options, signal);
    if (options.throwOnFailure !== false) throwIfFailed(job);
    return job;
  } catch (error) {
    throw withJob(error, last ?? id);
  } finally {
    deadline.stop();
  }
}

/**
 * Throws if the job failed or was canceled.
 *
 * @throws JobFailedError, JobCanceledError
 * @example
 * throwIfFailed(await client.jobs.get(jobId));
 */
export function throwIfFailed(job: Job): void {
  if (job.status === "failed") throw new JobFailedError({ job, reason: describeFailure(job) });
  if (job.status === "canceled") throw new JobCanceledError({ job });
}

function isReached(job: Job, until: WaitOptions["until"]): boolean {
  if (typeof until === "function") return until(job);
  return until === "validated" ? hasValidated(job) : isFinalStatus(job.status);
}

async function watchUntil(
  poller: JobPoller,
  id: string,
  hasArrived: (job: Job) => boolean,
  options: WaitOptions,
  signal: AbortSignal | undefined,
): Promise<Job> {
  const { onProgress, onEvent } = options;
  const cleanUp: (() => void)[] = [];
  try {
    return await new Promise<Job>((resolve, reject) => {
      const unwatch = poller.watch({
        jobId: id,
        onJob: (job) => {
          if (!hasArrived(job)) return false;
          resolve(job);
          return true;
        },
        onError: reject,
        onProgress,
        onEvent,
      });
      cleanUp.push(unwatch, listenToAbort(signal, reject));
      if (options.wake) cleanUp.push(wakeOn(options.wake, id, poller));
    });
  } finally {
    for (const step of cleanUp) step();
  }
}

function listenToAbort(signal: AbortSignal | undefined, reject: (reason: unknown) => void): () => void {
  const onAbort = () => reject(signal?.reason);
  if (signal?.aborted) onAbort();
  signal?.addEventListener("abort", onAbort, { once: true });
  return () => signal?.removeEventListener("abort", onAbort);
}

function wakeOn(events: AsyncIterable<WebhookEvent>, id: string, poller: JobPoller): () => void {
  const iterator = events[Symbol.asyncIterator]();
  const listen = async () => {
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      if (next.value.jobId === id) poller.wake();
    }
  };
  // Polling is the safety net: if the event source fails, waiting only gets slower.
  listen().catch(() => undefined);
  return () => void iterator.return?.().catch(() => undefined);
}

import type { Job } from "../contract/index.ts";
import { jobProperty, RenderjuiceError } from "./renderjuice-error.ts";

/** Runs work that is about one job, so that its errors carry the job id. */
export async function aboutJob<T>(jobId: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw withJob(error, jobId);
  }
}

/**
 * The error, with the job that it is about, unless it already has one.
 *
 * @param about the job as last seen, or its id
 * @example
 * try {
 *   await client.jobs.downloads(jobId);
 * } catch (error) {
 *   throw withJob(error, jobId);
 * }
 */
export function withJob(error: unknown, about: Job | string): unknown {
  const job = typeof about === "string" ? undefined : about;
  const jobId = job?.id ?? String(about);
  if (!RenderjuiceError.isInstance(error)) return error;
  if (error.jobId !== undefined && (error.jobId !== jobId || error.job || !job)) return error;
  // A copy, since several waits may share one error.
  return Object.create(Object.getPrototypeOf(error), {
    ...Object.getOwnPropertyDescriptors(error),
    jobId: { value: jobId, enumerable: true },
    job: jobProperty(job ?? error.job),
  });
}

import type { Job } from "../contract/index.ts";
import { jobProperty, RenderjuiceError } from "./renderjuice-error.ts";

/** Runs what is about one job: what it throws on purpose names the job, and so the way on. */
export async function aboutJob<T>(jobId: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw withJob(error, jobId);
  }
}

/**
 * The error, with the job that it is about unless it names one.
 *
 * @param about the job as it was seen last; its id where it was not seen
 */
export function withJob(error: unknown, about: Job | string): unknown {
  const [jobId, job] = typeof about === "string" ? [about] : [about.id, about];
  if (!RenderjuiceError.isInstance(error)) return error;
  if (error.jobId !== undefined && (error.jobId !== jobId || error.job || !job)) return error;
  // A copy: what ends the waits for many jobs may be one and the same error.
  return Object.create(Object.getPrototypeOf(error), {
    ...Object.getOwnPropertyDescriptors(error),
    jobId: { value: jobId, enumerable: true },
    job: jobProperty(job ?? error.job),
  });
}

import { RenderjuiceError } from "./renderjuice-error.ts";

/** Runs what is about one job: what it throws on purpose names the job, and so the way on. */
export async function aboutJob<T>(jobId: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw withJobId(error, jobId);
  }
}

/** The error, with the job in its `jobId` unless it names one. */
export function withJobId(error: unknown, jobId: string): unknown {
  if (!RenderjuiceError.isInstance(error) || error.jobId !== undefined) return error;
  // A copy: what ends the waits for many jobs may be one and the same error.
  return Object.create(Object.getPrototypeOf(error), {
    ...Object.getOwnPropertyDescriptors(error),
    jobId: { value: jobId, enumerable: true },
  });
}

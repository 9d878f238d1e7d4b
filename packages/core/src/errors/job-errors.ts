import type { Job } from "../contract/index.ts";
import { RenderjuiceError } from "./renderjuice-error.ts";

/**
 * The farm could not validate or render the scene.
 *
 * @example
 * if (JobFailedError.isInstance(error)) console.error(error.job.failedReason, error.job.analysis?.warnings);
 */
export class JobFailedError extends RenderjuiceError {
  declare readonly job: Job;

  constructor({ job, reason }: { job: Job; reason: string | undefined }) {
    super({
      code: "job_failed",
      job,
      message: `Job ${job.id} failed: ${reason ?? "the farm gave no reason"}.`.replace(/\.\.$/, "."),
      hint: "Fix the scene or the settings and submit again; a failed job cannot be restarted.",
    });
  }
}

/**
 * Somebody canceled the job.
 *
 * @example
 * if (JobCanceledError.isInstance(error)) console.log("Canceled:", error.job.id);
 */
export class JobCanceledError extends RenderjuiceError {
  declare readonly job: Job;

  constructor({
    job,
    lacks,
  }: {
    job: Job;
    /** What the caller wanted from it, such as `"files"`. */
    lacks?: string | undefined;
  }) {
    super({
      code: "job_canceled",
      job,
      message: `Job ${job.id} was canceled${lacks === undefined ? "" : `; it has no ${lacks}`}.`,
      hint: lacks
        ? "Submit the scene again."
        : "If this was a mistake, submit the scene again; a canceled job cannot be restarted.",
    });
  }
}

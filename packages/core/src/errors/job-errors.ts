import type { Job } from "../schemas/index.ts";
import { RenderjuiceError } from "./renderjuice-error.ts";

/** The farm could not validate or render the scene. */
export class JobFailedError extends RenderjuiceError {
  constructor({ job, reason }: { job: Job; reason: string | undefined }) {
    super({
      code: "job_failed",
      jobId: job.id,
      message: `Job ${job.id} failed: ${reason ?? "the farm gives no reason"}.`.replace(/\.\.$/, "."),
      hint: "Fix the scene and submit it again; a failed job cannot be restarted.",
    });
  }
}

/** Somebody canceled the job. */
export class JobCanceledError extends RenderjuiceError {
  constructor({ job }: { job: Job }) {
    super({
      code: "job_canceled",
      jobId: job.id,
      message: `Job ${job.id} was canceled.`,
      hint: "Submit the scene again if that was not meant to happen; a canceled job cannot be restarted.",
    });
  }
}

import { isFinalStatus, type Job } from "@renderjuice/core";
import { describeFailure, type JobProgress } from "@renderjuice/core/adapter";
import type { IDataObject } from "n8n-workflow";

/** What most workflows need to know about a job. */
export function simplifyJob(job: Job, progress?: JobProgress): IDataObject {
  const failedReason = describeFailure(job);
  return {
    jobId: job.id,
    status: job.status,
    isFinal: isFinalStatus(job.status),
    progress: progress && simplifyProgress(progress),
    failedReason,
    renderSeconds: job.normalizedSeconds ?? undefined,
    createdAt: job.createdAt ?? undefined,
    updatedAt: job.updatedAt ?? undefined,
  };
}

export function simplifyProgress(progress: JobProgress): IDataObject {
  const { completedFrames, totalFrames, failedFrames } = progress;
  return {
    completedFrames: completedFrames ?? null,
    totalFrames: totalFrames ?? null,
    failedFrames: failedFrames ?? null,
    percent:
      totalFrames && completedFrames !== undefined ? Math.floor((100 * completedFrames) / totalFrames) : null,
  };
}

/** A whole response, as plain JSON. */
export function toJson(value: object): IDataObject {
  return structuredClone(value) as IDataObject;
}

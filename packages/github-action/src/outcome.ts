import { isFinalStatus, JobCanceledError, JobFailedError, SceneIncompleteError } from "@renderjuice/core";
import { count, describeShortfall, isComplete } from "@renderjuice/core/adapter";
import { describeError } from "./describe-error.ts";
import type { SceneRun } from "./scene-run.ts";
import { Stopped } from "./stop.ts";

/** Whether the step did with a scene what its inputs ask for. */
export function isSuccess(run: SceneRun): boolean {
  return run.error === undefined && isComplete(summaryOf(run));
}

/** How a scene ended, and what to do about it. */
export function describeOutcome(run: SceneRun): string {
  const { error, path, jobId, status, downloads, outputDir } = run;
  if (error instanceof Stopped) return `${error.message} ${describeStoppedJob(run)}`;
  if (error !== undefined) return `${describeError(error)}${describeJobAfterError(run)}`;
  const shortfalls = describeShortfall(summaryOf(run));
  if (shortfalls.length > 0)
    return `${shortfalls.map(({ message, hint }) => `${message} ${hint}`).join(" ")} (job-id: ${jobId})`;
  if (status === "submitted")
    return `Job ${jobId} is rendering. Attach to it in a later step with job-id: ${jobId}`;
  if (downloads)
    return `${describeFrames(run) ?? "The frames are"} in ${outputDir}${path === undefined ? "" : ` (job ${jobId})`}.`;
  const frames = describeFrames(run);
  return `Job ${jobId} is complete${frames ? `, with ${frames}` : ""}.`;
}

function summaryOf({ missingFrames, missingParts, downloads }: SceneRun) {
  return { missingFrames, missingParts, failedFiles: downloads?.failedFiles ?? [] };
}

function describeFrames({ renderedFrames }: SceneRun): string | undefined {
  return renderedFrames === undefined ? undefined : count(renderedFrames, "frame");
}

function describeJobAfterError({ jobId, job, error, isSettled }: SceneRun): string {
  const hasEnded = [JobFailedError, JobCanceledError, SceneIncompleteError].some((type) =>
    type.isInstance(error),
  );
  if (jobId === undefined || hasEnded) return "";
  if (job?.status === "completed") return ` ${describeComplete(jobId)}`;
  return isSettled
    ? ` Job ${jobId} was left as it is. Continue with job-id: ${jobId}`
    : ` Job ${jobId} may still be rendering. The post step of this action cancels it, unless on-cancel is detach: then continue with job-id: ${jobId}`;
}

function describeStoppedJob({ jobId, job, status, isSettled, downloads }: SceneRun): string {
  if (jobId === undefined) return "No job was created and nothing is billed.";
  if (status === "detached")
    return `Job ${jobId} keeps running on the farm. Re-run the workflow to attach to it, or use job-id: ${jobId}`;
  if (!isSettled)
    return `Job ${jobId} may still be rendering. The post step of this action takes care of it.`;
  if (job?.status === "completed" && !downloads) return describeComplete(jobId);
  return job && isFinalStatus(job.status)
    ? `Job ${jobId} is ${job.status} on the farm.`
    : `Job ${jobId} was not started and is not billed.`;
}

function describeComplete(jobId: string): string {
  return `Job ${jobId} is complete. Download its frames with job-id: ${jobId}`;
}

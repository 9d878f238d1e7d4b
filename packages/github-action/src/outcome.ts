import { isFinalStatus, JobCanceledError, JobFailedError, SceneIncompleteError } from "@renderjuice/core";
import { count, type FailedFile } from "@renderjuice/core/adapter";
import { describeError } from "./describe-error.ts";
import { describeMissing } from "./outputs.ts";
import type { SceneRun } from "./scene-run.ts";
import { Stopped } from "./stop.ts";

/** More than anybody reads in an annotation. */
const MAX_FILES_TOLD = 5;

/** Whether a scene got where the step should take it. */
export function isSuccess(run: SceneRun): boolean {
  return run.error === undefined && run.missingFrames.length === 0 && failedFilesOf(run).length === 0;
}

/** How a scene ended, and what to do about it. */
export function describeOutcome(run: SceneRun): string {
  const { error, path, jobId, status, downloads, outputDir } = run;
  if (error instanceof Stopped) return `${error.message} ${describeLeft(run)}`;
  if (error !== undefined) return `${describeError(error)}${describeWayOn(run)}`;
  const shortfalls = [describeMissingFrames(run), describeFailedFiles(run)].filter(
    (text) => text !== undefined,
  );
  if (shortfalls.length > 0) return `Job ${jobId} is complete, but ${shortfalls.join(" And ")}`;
  if (status === "submitted")
    return `Job ${jobId} is rendering. Attach to it in a later step with job-id: ${jobId}`;
  if (downloads)
    return `${describeFrames(run) ?? "The frames are"} in ${outputDir}${path === undefined ? "" : ` (job ${jobId})`}.`;
  const frames = describeFrames(run);
  return `Job ${jobId} is complete${frames ? `, with ${frames}` : ""}.`;
}

function describeMissingFrames(run: SceneRun): string | undefined {
  const missing = describeMissing(run);
  if (!missing) return undefined;
  return `frames are missing: ${run.missingParts.join("; ")}. Render just these, with frames: ${missing}`;
}

/** They were rendered: what fetches them once more costs nothing. */
function describeFailedFiles(run: SceneRun): string | undefined {
  const failed = failedFilesOf(run);
  if (failed.length === 0) return undefined;
  const told = failed
    .slice(0, MAX_FILES_TOLD)
    .map(({ relativePath, reason }) => `${relativePath}: ${reason}`);
  const all = `${count(failed.length, "file")} could not be fetched. ${told.join(" ")}`;
  return `${all} Fetch them in another run, with job-id: ${run.jobId}`;
}

function failedFilesOf({ downloads }: SceneRun): readonly FailedFile[] {
  return downloads?.failedFiles ?? [];
}

function describeFrames({ renderedFrames }: SceneRun): string | undefined {
  return renderedFrames === undefined ? undefined : count(renderedFrames, "frame");
}

/** Of a job that was there when something went wrong. */
function describeWayOn({ jobId, job, error, isSettled }: SceneRun): string {
  const isOver = [JobFailedError, JobCanceledError, SceneIncompleteError].some((type) =>
    type.isInstance(error),
  );
  if (jobId === undefined || isOver) return "";
  if (job?.status === "completed") return ` Job ${jobId} is complete; fetch its frames with job-id: ${jobId}`;
  return isSettled
    ? ` Job ${jobId} is left as it is; go on with it with job-id: ${jobId}`
    : ` Job ${jobId} may be rendering: the post step of this action ends it, or leaves it if on-cancel is detach; then go on with job-id: ${jobId}`;
}

function describeLeft({ jobId, job, status, isSettled, downloads }: SceneRun): string {
  if (jobId === undefined) return "No job was created and nothing is billed.";
  if (status === "detached")
    return `Job ${jobId} goes on at the farm. Re-run the workflow to attach to it, or give it as job-id: ${jobId}`;
  if (!isSettled) return `Job ${jobId} may still render: the post step of this action looks after it.`;
  if (job?.status === "completed" && !downloads)
    return `Job ${jobId} is complete; its frames can be fetched with job-id: ${jobId}`;
  return job && isFinalStatus(job.status)
    ? `Job ${jobId} is ${job.status} on the farm.`
    : `Job ${jobId} was not started and is not billed.`;
}

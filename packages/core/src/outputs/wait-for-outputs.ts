import type { RenderClient } from "../client.ts";
import type { Job } from "../contract/index.ts";
import { isFinalStatus } from "../contract/job-status.ts";
import { DownloadError } from "../errors/index.ts";
import type { ClientEventListener } from "../http/client-events.ts";
import { type OutputPlan, planOutputs } from "./plan-outputs.ts";

/** The lists of a completed job may be empty for a short while. */
const OUTPUT_WAITS_MS = [1000, 2000, 4000, 8000, 15_000, 30_000];

export interface DownloadRequest {
  readonly client: RenderClient;
  readonly job: Job;
  /** If empty, there is nothing to wait for. */
  readonly expectedFrames: readonly number[] | undefined;
  /** All frames that the job was to render, if only some are wanted. */
  readonly jobFrames?: readonly number[] | undefined;
  /** The wanted frames, if the job was started with different ones. @default all */
  readonly onlyFrames?: readonly number[] | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ClientEventListener | undefined;
}

/**
 * The files of a job. A completed job may list them a little late.
 *
 * @throws DownloadError `downloads_unavailable` if the job has no files; immediately, if it is not completed
 * @example
 * const { outputs } = await waitForOutputs({ client, job, expectedFrames: expectedFrames(job) });
 */
export async function waitForOutputs(request: DownloadRequest): Promise<OutputPlan> {
  const { client, job, signal, onEvent } = request;
  const call = { signal, onEvent };
  for (const waitMs of [...OUTPUT_WAITS_MS, undefined]) {
    const plan = planOutputs(
      await client.jobs.downloads(job.id, call),
      request.jobFrames ?? request.expectedFrames,
    );
    const count = plan.outputs.length + plan.refused.length;
    if (count > 0 || request.expectedFrames?.length === 0) return plan;
    // Only the files of a completed job may still appear.
    if (job.status !== "completed" || job.output?.isDeletedForClient || waitMs === undefined) break;
    await client.options.runtime.sleep(waitMs, signal);
  }
  throw nothingToDownload(job);
}

function nothingToDownload(job: Job): DownloadError {
  const { message, hint } = describeNothing(job);
  return new DownloadError({ code: "downloads_unavailable", message, hint });
}

function describeNothing({ id, status, output }: Job): { message: string; hint: string } {
  if (output?.isDeletedForClient) {
    return {
      message: `The output of job ${id} has been deleted on the farm.`,
      hint: "Render again: the files can no longer be downloaded.",
    };
  }
  if (status === "completed") {
    return {
      message: `Job ${id} is completed but has no files.`,
      hint: "Try again in a few minutes with the same job id. Nothing will be rendered or billed again.",
    };
  }
  return isFinalStatus(status)
    ? {
        message: `Job ${id} is ${status} and has no files.`,
        hint: "Submit the scene again: this job will not continue.",
      }
    : {
        message: `Job ${id} is ${status}; it has no files yet.`,
        hint: "Wait until it is completed, then download.",
      };
}

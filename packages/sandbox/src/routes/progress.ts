import type { ApiContext, Route } from "../api-context.ts";
import { framesOf } from "../frame-list.ts";
import type { JobRecord } from "../job-record.ts";
import { RENDER_STATUSES } from "../state-machine.ts";
import { findJob } from "./find-job.ts";

/** A list with one entry, or an empty list if nothing is running. */
export const getProgress: Route = (context, request) => ({
  body: progressOf(context, findJob(context, request)),
});

/** One entry for each job that is rendering. */
export const getAllProgress: Route = (context, { workspace }) => {
  const jobs = context.store.listJobsIn(RENDER_STATUSES).filter((job) => job.workspaceId === workspace.id);
  return { body: jobs.flatMap((job) => progressOf(context, job)) };
};

/** The members are the sandbox's choice, since the documentation does not list them. */
function progressOf({ store }: ApiContext, job: JobRecord) {
  const { analysis, requestedConfig } = job.details;
  if (!RENDER_STATUSES.includes(job.status) || !analysis || !requestedConfig) return [];
  const files = store.listFiles(job.id);
  const rendered = new Set(
    files.flatMap(({ kind, frame }) => (kind === "frame" && frame !== undefined ? [frame] : [])),
  );
  const totalFrames = framesOf(requestedConfig, analysis).length;
  return [{ jobId: job.id, totalFrames, completedFrames: rendered.size, failedFrames: 0 }];
}

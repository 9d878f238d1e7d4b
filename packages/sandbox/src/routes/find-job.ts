import type { ApiContext, ApiRequest } from "../api-context.ts";
import { notFound } from "../api-refusal.ts";
import type { JobRecord } from "../job-record.ts";

/** The job of the path. @throws ApiRefusal 404, also when it is of another workspace. */
export function findJob({ store }: ApiContext, { workspace, jobId }: ApiRequest): JobRecord {
  const job = store.findJob(jobId);
  if (job?.workspaceId !== workspace.id) throw notFound("job");
  return job;
}

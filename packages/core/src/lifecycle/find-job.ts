import type { RenderClient } from "../client.ts";
import type { Job } from "../contract/index.ts";
import { NotFoundError } from "../errors/index.ts";
import type { CallOptions } from "../http/call-options.ts";

/**
 * A job that may have been deleted, or may never have existed in this workspace.
 *
 * @returns undefined if there is no such job
 * @example
 * const job = await findJob(client, jobId);
 * console.log(job?.status ?? "There is no such job.");
 */
export async function findJob(
  client: RenderClient,
  jobId: string,
  options?: CallOptions,
): Promise<Job | undefined> {
  return client.jobs.get(jobId, options).catch((error) => {
    if (NotFoundError.isInstance(error)) return undefined;
    throw error;
  });
}

import { ApiError, count, ensureCanceled, findTaggedJobs, isFinalStatus, type Job } from "@renderjuice/core";
import type { NodeClient } from "@renderjuice/core/node";
import type { Protocol } from "../protocol.ts";
import type { CancelRequest } from "./cancel-request.ts";

const DEADLINE_MS = 5 * 60_000;

/**
 * Cancels the renders of a Deadline job and stays until they are over. What is over already stays as it is.
 *
 * @throws TimeoutError when a render could not be seen to end.
 */
export async function cancelRenders(
  client: NodeClient,
  request: CancelRequest,
  protocol: Protocol,
): Promise<void> {
  const jobs = await findJobs(client, request);
  const running = jobs.filter(({ status }) => !isFinalStatus(status));
  protocol.status(`Canceling ${count(running.length, "render")}`);
  for (const [index, { id }] of running.entries()) {
    const job = await ensureCanceled(client, id, { deadlineMs: DEADLINE_MS, mayStillStart: true });
    protocol.log(`Job ${id} is ${job.status}.`);
    protocol.progress(((index + 1) / running.length) * 100);
  }
  protocol.status(running.length > 0 ? `${count(running.length, "render")} canceled` : "Nothing was running");
}

/** Those that are known, and those that were started and not told before their Worker died. */
async function findJobs(client: NodeClient, { jobIds, tagPrefix }: CancelRequest): Promise<Job[]> {
  const tagged = await findTaggedJobs(client, (tag) => tag.startsWith(tagPrefix));
  const jobs = new Map([...tagged.jobs.values()].flat().map((job) => [job.id, job]));
  for (const id of jobIds) {
    if (jobs.has(id)) continue;
    const job = await client.jobs.get(id).catch((error) => {
      if (ApiError.isInstance(error) && error.code === "not_found") return undefined;
      throw error;
    });
    if (job) jobs.set(id, job);
  }
  return [...jobs.values()];
}

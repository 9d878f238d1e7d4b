import { ApiError, isFinalStatus, type Job } from "@renderjuice/core";
import { cancelJobs, count, describeCancel, findTaggedJobs, isJobId } from "@renderjuice/core/adapter";
import type { RunRecord } from "@renderjuice/core/adapter/node";
import type { NodeClient } from "@renderjuice/core/node";
import { describeError } from "../describe-error.ts";
import type { Protocol } from "../protocol.ts";
import type { CancelRequest } from "./cancel-request.ts";
import { holdRecords } from "./hold-records.ts";

const DEADLINE_MS = 5 * 60_000;

/**
 * Cancels the renders of a Deadline job and waits until they are over: first those that are known, then those that a
 * Worker has started in the meantime. Finished renders stay as they are.
 *
 * @throws TimeoutError if a render does not end in time; the others are canceled all the same.
 */
export async function cancelRenders(
  client: NodeClient,
  request: CancelRequest,
  protocol: Protocol,
): Promise<void> {
  const atOnce = await cancelAll(client, await findJobs(client, request), protocol);
  const records = await holdRecords(request, protocol);
  try {
    const late = await cancelAll(client, await findJobs(client, request, records), protocol);
    const total = atOnce + late;
    protocol.status(total > 0 ? `${count(total, "render")} canceled` : "Nothing was running");
  } finally {
    for (const record of records) await record[Symbol.asyncDispose]();
  }
}

/** @returns how many were running */
async function cancelAll(client: NodeClient, jobs: readonly Job[], protocol: Protocol): Promise<number> {
  const running = jobs.filter(({ status }) => !isFinalStatus(status)).map(({ id }) => ({ jobId: id }));
  for (const { jobId } of running) protocol.status(`Canceling job ${jobId}`);
  const reports = await cancelJobs(client, running, { deadlineMs: DEADLINE_MS });
  for (const { outcome } of reports) if (outcome) protocol.log(describeCancel(outcome));
  const [failed, ...others] = reports.filter(({ error }) => error !== undefined);
  for (const { error } of others) protocol.log(describeError(error));
  if (failed) throw failed.error;
  return running.length;
}

/** Those that are known, and those that were started but not reported before their Worker died. */
async function findJobs(
  client: NodeClient,
  { jobIds, tagPrefix }: CancelRequest,
  records: readonly RunRecord[] = [],
): Promise<Job[]> {
  const tagged = await findTaggedJobs(client, (tag) => tag.startsWith(tagPrefix));
  const jobs = new Map([...tagged.jobs.values()].flat().map((job) => [job.id, job]));
  const recorded = records.flatMap(({ reached }) => reached.jobId ?? []);
  for (const id of [...jobIds, ...recorded]) {
    // Skips ids that somebody wrote there by hand, so that they do not stop the others from being canceled.
    if (jobs.has(id) || !isJobId(id)) continue;
    const job = await client.jobs.get(id).catch((error) => {
      if (ApiError.isInstance(error) && error.code === "not_found") return undefined;
      throw error;
    });
    if (job) jobs.set(id, job);
  }
  return [...jobs.values()];
}

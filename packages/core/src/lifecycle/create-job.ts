import type { RenderClient } from "../client.ts";
import type { Job } from "../contract/index.ts";
import { AmbiguousOutcomeError, ApiError } from "../errors/index.ts";
import type { CallOptions } from "../http/call-options.ts";

/** Longer than the requests and the server's own work take. */
const MARGIN_MS = 60_000;
const MAX_CANDIDATES = 5;
/** No more are read: a leftover idle job is only untidy. */
const MAX_JOBS = 1000;

export interface CreatedJob {
  readonly job: Job;
  /** Set if the first response was lost and a second job may exist. It is idle and costs nothing. */
  readonly lostAnswer?: { readonly candidates: readonly string[] } | undefined;
}

/**
 * Creates the job for an uploaded slug. If the response is lost, the job list decides: a job with our slug is ours.
 * Otherwise the job is created again, since a job that is never rendered is not billed.
 *
 * @throws AmbiguousOutcomeError if the outcome is unknown a second time
 * @example
 * const { job } = await createJob(client, await uploadSource(client, source));
 */
export async function createJob(
  client: RenderClient,
  slug: string,
  options: CallOptions = {},
): Promise<CreatedJob> {
  const { runtime } = client.options;
  const startedMs = runtime.monotonicMs();
  try {
    return { job: await client.jobs.create({ slug }, options) };
  } catch (error) {
    if (!AmbiguousOutcomeError.isInstance(error)) throw error;
    const idle = await listIdleJobs(client, options);
    const ours = idle.find((job) => JSON.stringify(job).includes(JSON.stringify(slug)));
    if (ours) return { job: ours };
    const job = await createAgain(client, slug, idle, options);
    const candidates = madeBefore(job, idle, runtime.monotonicMs() - startedMs + MARGIN_MS);
    return { job, lostAnswer: { candidates } };
  }
}

/** @throws AmbiguousOutcomeError also if it is refused, which may be because the first request succeeded */
async function createAgain(
  client: RenderClient,
  slug: string,
  idle: readonly Job[],
  options: CallOptions,
): Promise<Job> {
  try {
    return await client.jobs.create({ slug }, options);
  } catch (error) {
    if (!ApiError.isInstance(error) || error.isRetryable) throw error;
    const newest = idle.toSorted((a, b) => (b.createdAt ?? "").localeCompare(a.createdAt ?? ""));
    throw new AmbiguousOutcomeError({
      operation: "create job",
      candidates: newest.slice(0, MAX_CANDIDATES).map(({ id }) => id),
      cause: error,
    });
  }
}

/** Jobs that were not started. Empty if the list cannot be read, since a second idle job costs nothing. */
async function listIdleJobs(client: RenderClient, options: CallOptions): Promise<Job[]> {
  const idle: Job[] = [];
  let read = 0;
  try {
    for await (const job of client.jobs.list({}, options)) {
      if (job.status === "created") idle.push(job);
      if (++read >= MAX_JOBS) break;
    }
  } catch {
    options.signal?.throwIfAborted();
  }
  return idle;
}

/**
 * Jobs that the lost request may have created, shortly before the second one. Compares the server's own timestamps, since
 * the local clock may differ.
 */
function madeBefore(second: Job, idle: readonly Job[], withinMs: number): string[] {
  const secondMs = Date.parse(second.createdAt ?? "");
  return idle
    .filter(({ createdAt }) => Math.abs(secondMs - Date.parse(createdAt ?? "")) <= withinMs)
    .map(({ id }) => id)
    .filter((id) => id !== second.id)
    .slice(0, MAX_CANDIDATES);
}

import type { CallOptions } from "../call-options.ts";
import type { RenderClient } from "../client.ts";
import { AmbiguousOutcomeError } from "../errors/index.ts";
import type { Job } from "../schemas/index.ts";

/** The server's clock may differ from ours by this much. */
const CLOCK_SKEW_MS = 5 * 60_000;
const MAX_CANDIDATES = 5;

export interface CreatedJob {
  readonly job: Job;
  /** Present when a first answer was lost and a second job may exist; it is idle and costs nothing. */
  readonly lostAnswer?: { readonly candidates: readonly string[] };
}

/**
 * Creates the job of an uploaded slug. When the answer is lost, the job list decides: a job that names our slug is
 * ours; if there is none, the job is created again, since a job that is never rendered is not billed.
 *
 * @throws AmbiguousOutcomeError when that is in doubt a second time.
 */
export async function createJob(
  client: RenderClient,
  slug: string,
  options: CallOptions = {},
): Promise<CreatedJob> {
  const startedAtMs = client.options.runtime.now();
  try {
    return { job: await client.jobs.create({ slug }, options) };
  } catch (error) {
    if (!AmbiguousOutcomeError.isInstance(error)) throw error;
    const idle = await listIdleJobsSince(client, startedAtMs, options);
    const ours = idle.find((job) => JSON.stringify(job).includes(JSON.stringify(slug)));
    if (ours) return { job: ours };
    const job = await client.jobs.create({ slug }, options);
    const candidates = idle.map(({ id }) => id).filter((id) => id !== job.id);
    return { job, lostAnswer: { candidates } };
  }
}

/** Jobs that nobody has started, made since; at most a few, newest first or not. */
async function listIdleJobsSince(
  client: RenderClient,
  sinceMs: number,
  options: CallOptions,
): Promise<Job[]> {
  const { jobs } = await client.jobs.list({ pageSize: 100 }, options);
  const isRecent = (job: Job) => Date.parse(job.createdAt ?? "") >= sinceMs - CLOCK_SKEW_MS;
  return jobs.filter((job) => job.status === "created" && isRecent(job)).slice(0, MAX_CANDIDATES);
}

import type { CallOptions } from "../call-options.ts";
import type { RenderClient } from "../client.ts";
import { NotFoundError } from "../errors/index.ts";
import type { Job } from "../schemas/index.ts";
import { isFinalStatus } from "./status.ts";

/** Jobs created this long before the newest are still looked for in the list: it may shift between pages. */
const OVERLAP_MS = 10 * 60_000;
const PAGE_SIZE = 100;

/** What was seen the last time; plain JSON, to be kept between calls. */
export interface JobChangesState {
  /** Statuses of jobs that are not over, and of recent ones. */
  readonly known: Readonly<Record<string, string>>;
  /** Creation of the newest job, milliseconds since 1970. */
  readonly newestMs: number;
}

export interface JobChange {
  readonly job: Job;
  /** Undefined for a job that is new. */
  readonly previousStatus: string | undefined;
}

/**
 * Finds the jobs whose status is another than the last time, also those that other programs have made. Reads the first
 * pages of the list only, where the server gives the newest first, and asks for older jobs that were not over.
 *
 * @param state of the last call; without one nothing counts as changed, and the whole list is read once
 */
export async function readJobChanges(
  client: RenderClient,
  state: JobChangesState | undefined,
  options?: CallOptions,
): Promise<{ changes: JobChange[]; state: JobChangesState }> {
  const jobs = await readRecentJobs(client, state, options);
  for (const job of await readOlderJobs(client, state, jobs, options)) jobs.set(job.id, job);
  const newestMs = Math.max(state?.newestMs ?? 0, ...[...jobs.values()].map((job) => createdMs(job) ?? 0));
  const changes: JobChange[] = [];
  const known: Record<string, string> = {};
  for (const job of jobs.values()) {
    const previousStatus = state?.known[job.id];
    if (
      state &&
      previousStatus !== job.status &&
      (previousStatus !== undefined || isRecent(job, state.newestMs))
    )
      changes.push({ job, previousStatus });
    if (!isFinalStatus(job.status) || isRecent(job, newestMs)) known[job.id] = job.status;
  }
  return { changes, state: { known, newestMs } };
}

async function readRecentJobs(
  client: RenderClient,
  state: JobChangesState | undefined,
  options: CallOptions | undefined,
): Promise<Map<string, Job>> {
  const found = new Map<string, Job>();
  let isNewestFirst: boolean | undefined;
  let previousMs = Number.POSITIVE_INFINITY;
  for await (const job of client.jobs.listAll({ pageSize: PAGE_SIZE }, options)) {
    found.set(job.id, job);
    if (!state) continue;
    const ms = createdMs(job) ?? Number.POSITIVE_INFINITY;
    // The order is not documented: a list that begins with a recent job and only gets older is in this one.
    isNewestFirst = (isNewestFirst ?? isRecent(job, state.newestMs)) && ms <= previousMs;
    if (isNewestFirst && !isRecent(job, state.newestMs)) break;
    previousMs = ms;
  }
  return found;
}

/** Those that were not over and that the first pages do not show. */
async function readOlderJobs(
  client: RenderClient,
  state: JobChangesState | undefined,
  found: ReadonlyMap<string, Job>,
  options: CallOptions | undefined,
): Promise<Job[]> {
  const jobs: Job[] = [];
  for (const [id, status] of Object.entries(state?.known ?? {})) {
    if (found.has(id) || isFinalStatus(status)) continue;
    try {
      jobs.push(await client.jobs.get(id, options));
    } catch (error) {
      // Deleted on the farm: no change that anybody could act on.
      if (!NotFoundError.isInstance(error)) throw error;
    }
  }
  return jobs;
}

/** A job without a date may be of any time. */
function isRecent(job: Job, newestMs: number): boolean {
  const ms = createdMs(job);
  return ms === undefined || ms >= newestMs - OVERLAP_MS;
}

function createdMs(job: Job): number | undefined {
  const ms = Date.parse(job.createdAt ?? "");
  return Number.isNaN(ms) ? undefined : ms;
}

import type { RenderClient } from "../client.ts";
import type { Job } from "../contract/index.ts";
import { isFinalStatus, mayHaveStarted } from "../contract/job-status.ts";
import type { CallOptions } from "../http/call-options.ts";
import { DEFAULT_BASE_URL } from "../http/caller-options.ts";
import { trimEndOf } from "../text/trim-end-of.ts";
import { findJob } from "./find-job.ts";

/** Jobs created up to this long before the newest one are still looked for, since the list may shift between pages. */
const OVERLAP_MS = 10 * 60_000;
/** Jobs that were not started within this time are forgotten: most drafts are never started. */
const DRAFT_MEMORY_MS = 7 * 24 * 60 * 60_000;
/** What one look costs at most, once the jobs since the last one are read: so many in the list, and so many singly. */
const MAX_LISTED_JOBS = 1200;
const MAX_SINGLE_JOBS = 8;

/** What was seen last time. Plain JSON, to be kept between calls. */
export interface JobChangesState {
  /** The statuses of unfinished and of recent jobs. Those to be checked next come first. */
  readonly known: Readonly<Record<string, string>>;
  /** When the newest job was created, in milliseconds since 1970. */
  readonly newestMs: number;
  /** Where these jobs are from: jobs of another server or workspace are not compared with them. */
  readonly baseUrl: string;
  readonly workspaceId?: string | undefined;
}

/** A job whose status has changed. */
export interface JobChange {
  readonly job: Job;
  /** Undefined for a new job. */
  readonly previousStatus: string | undefined;
}

export interface JobChanges {
  readonly changes: JobChange[];
  readonly state: JobChangesState;
}

/**
 * Finds jobs whose status has changed since the last call, including jobs created by other programs. Reads the list only as
 * far as needed, if the server lists the newest jobs first. A few older unfinished jobs are read one by one. Jobs that were
 * not started within a week are no longer watched.
 *
 * @param last the state from the last call. Without it, or if it is from another server or workspace, the whole list is
 * read once and nothing counts as changed
 * @example
 * const first = await readJobChanges(client, undefined);
 * const { changes } = await readJobChanges(client, first.state);
 */
export async function readJobChanges(
  client: RenderClient,
  last: JobChangesState | undefined,
  options?: CallOptions,
): Promise<JobChanges> {
  const baseUrl = trimEndOf(client.options.baseUrl ?? DEFAULT_BASE_URL, "/");
  const state = last?.baseUrl === baseUrl ? last : undefined;
  const listed = await readList(client, state, options);
  const workspaceId = workspaceOf(listed.values()) ?? state?.workspaceId;
  if (state?.workspaceId !== undefined && state.workspaceId !== workspaceId) {
    return readJobChanges(client, undefined, options);
  }
  const older = await readOlderJobs(client, state, listed, options);
  const jobs = [...listed.values(), ...older.jobs];
  const newestMs = Math.max(state?.newestMs ?? 0, ...jobs.map((job) => createdMs(job) ?? 0));
  const isKept = (job: Job) => isWatched(job, newestMs) || isRecent(job, newestMs);
  const statuses = jobs.filter(isKept).map(({ id, status }) => [id, status] as const);
  return {
    changes: state ? findChanges(jobs, state) : [],
    state: {
      known: Object.fromEntries([...older.left, ...statuses]),
      newestMs,
      baseUrl,
      workspaceId,
    },
  };
}

function findChanges(jobs: readonly Job[], state: JobChangesState): JobChange[] {
  return jobs
    .map((job) => ({ job, previousStatus: state.known[job.id] }))
    .filter(({ job, previousStatus }) =>
      previousStatus === undefined ? isRecent(job, state.newestMs) : previousStatus !== job.status,
    );
}

async function readList(
  client: RenderClient,
  state: JobChangesState | undefined,
  options: CallOptions | undefined,
): Promise<Map<string, Job>> {
  const found = new Map<string, Job>();
  const unseen = new Set(state && unfinished(state).map(([id]) => id));
  let isNewestFirst: boolean | undefined;
  let previousMs = Number.POSITIVE_INFINITY;
  for await (const job of client.jobs.list({}, options)) {
    found.set(job.id, job);
    unseen.delete(job.id);
    if (!state) continue;
    const ms = createdMs(job) ?? Number.POSITIVE_INFINITY;
    // The order is not documented. If the list starts with a recent job and only gets older, it is newest first.
    isNewestFirst = (isNewestFirst ?? isRecent(job, state.newestMs)) && ms <= previousMs;
    const isEnough = unseen.size <= MAX_SINGLE_JOBS || found.size >= MAX_LISTED_JOBS;
    if (isNewestFirst && isEnough && !isRecent(job, state.newestMs)) break;
    previousMs = ms;
  }
  return found;
}

interface OlderJobs {
  readonly jobs: readonly Job[];
  /** Jobs that were not read this time. They come first next time. */
  readonly left: readonly (readonly [id: string, status: string])[];
}

/** Some of the unfinished jobs that were not on the pages. */
async function readOlderJobs(
  client: RenderClient,
  state: JobChangesState | undefined,
  found: ReadonlyMap<string, Job>,
  options: CallOptions | undefined,
): Promise<OlderJobs> {
  const unseen = state ? unfinished(state).filter(([id]) => !found.has(id)) : [];
  const jobs: Job[] = [];
  for (const [id] of unseen.slice(0, MAX_SINGLE_JOBS)) {
    const job = await findJob(client, id, options);
    // Otherwise it was deleted on the farm: not a change that anyone could act on.
    if (job) jobs.push(job);
  }
  return { jobs, left: unseen.slice(MAX_SINGLE_JOBS) };
}

function unfinished({ known }: JobChangesState): [id: string, status: string][] {
  return Object.entries(known).filter(([, status]) => !isFinalStatus(status));
}

/** Whether the job's status may still change, and someone may be waiting for it. */
function isWatched(job: Job, newestMs: number): boolean {
  if (isFinalStatus(job.status)) return false;
  return mayHaveStarted(job) || newestMs - (createdMs(job) ?? newestMs) <= DRAFT_MEMORY_MS;
}

/** A job without a date counts as recent. */
function isRecent(job: Job, newestMs: number): boolean {
  const ms = createdMs(job);
  return ms === undefined || ms >= newestMs - OVERLAP_MS;
}

/** The workspace of the key, if the server tells us. */
function workspaceOf(jobs: Iterable<Job>): string | undefined {
  for (const { workspaceId } of jobs) if (workspaceId) return workspaceId;
  return undefined;
}

function createdMs(job: Job): number | undefined {
  const ms = Date.parse(job.createdAt ?? "");
  return Number.isNaN(ms) ? undefined : ms;
}

import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { jobsFolder } from "../port/session.ts";
import { type JobRequest, readJobRequest } from "./job-request.ts";
import { type JobState, readJobState } from "./job-state.ts";

/** The bridge touches its lock every few seconds. */
const LOCK_LIFETIME_MS = 15_000;

export interface ListedJob {
  readonly folder: string;
  readonly request: JobRequest;
  /** undefined before a bridge has started it */
  readonly state: JobState | undefined;
  /** Whether a bridge is running it. */
  readonly isFollowed: boolean;
}

/** Every job of this user, newest first. Jobs that cannot be read are left out. */
export async function listJobs(): Promise<ListedJob[]> {
  const names = await readdir(jobsFolder()).catch(() => []);
  const jobs = await Promise.all(
    names.map((name) => readJob(join(jobsFolder(), name)).catch(() => undefined)),
  );
  return jobs
    .filter((job) => job !== undefined)
    .sort((one, other) => other.request.createdAt.localeCompare(one.request.createdAt));
}

async function readJob(folder: string): Promise<ListedJob> {
  const lock = await stat(join(folder, "bridge.lock")).catch(() => undefined);
  return {
    folder,
    request: await readJobRequest(folder),
    state: await readJobState(folder),
    isFollowed: lock !== undefined && Date.now() - lock.mtimeMs < LOCK_LIFETIME_MS,
  };
}

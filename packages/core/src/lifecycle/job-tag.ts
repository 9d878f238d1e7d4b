import type { RenderClient } from "../client.ts";
import type { Job } from "../contract/index.ts";
import { isFinalStatus } from "../contract/job-status.ts";
import type { CallOptions } from "../http/call-options.ts";

/** More are not read: who comes back after so many jobs is told so. */
const MAX_JOBS = 2000;

/**
 * The API takes no key of the caller's, so a tag in the render's notes is what a later run finds a job by. It is there
 * from the moment the job costs something.
 */
export function tagNotes(notes: string | undefined, tag: string): string {
  return notes ? `${notes} [${tag}]` : `[${tag}]`;
}

export interface TaggedJobs {
  /** By tag. A tag may have several jobs; their order is that of the list. */
  readonly jobs: ReadonlyMap<string, readonly Job[]>;
  /** False when the list was too long to be read to its end. */
  readonly isComplete: boolean;
}

/** Finds the renders that were started with a tag that is wanted. */
export async function findTaggedJobs(
  client: RenderClient,
  isWanted: (tag: string) => boolean,
  options?: CallOptions,
): Promise<TaggedJobs> {
  const jobs = new Map<string, Job[]>();
  let read = 0;
  for await (const job of client.jobs.list({}, options)) {
    read += 1;
    if (read > MAX_JOBS) return { jobs, isComplete: false };
    for (const tag of readTags(job).filter(isWanted)) jobs.set(tag, [...(jobs.get(tag) ?? []), job]);
  }
  return { jobs, isComplete: true };
}

/**
 * The job that a later run goes on with: one that is completed, else one that is on its way. One that failed, was
 * canceled or whose files are deleted is none.
 */
export function chooseResumableJob(jobs: readonly Job[]): Job | undefined {
  const usable = jobs.filter(
    ({ status, output }) => !["failed", "canceled"].includes(status) && !output?.isDeletedForClient,
  );
  return (
    usable.find(({ status }) => status === "completed") ?? usable.find(({ status }) => !isFinalStatus(status))
  );
}

/** What stands in brackets in the notes of a render, each once. */
export function readTags({ requestedConfig }: Job): string[] {
  // Where the notes stand in what the server echoes is not documented.
  const tags = (JSON.stringify(requestedConfig) ?? "").matchAll(/\[([\w-]+)\]/g);
  return [...new Set([...tags].map(([, tag = ""]) => tag))];
}

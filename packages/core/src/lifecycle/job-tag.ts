import type { RenderClient } from "../client.ts";
import type { Job } from "../contract/index.ts";
import { isFinalStatus } from "../contract/job-status.ts";
import type { CallOptions } from "../http/call-options.ts";

/** No more are read; `isComplete` says whether the list was longer. */
const MAX_JOBS = 2000;

/**
 * Adds a tag to the notes of a render, by which a later run finds the job: the API accepts no idempotency key. The tag is
 * there from the moment the job starts to cost money.
 *
 * @example
 * tagNotes("hero shot", "sh010-v3"); // "hero shot [sh010-v3]"
 */
export function tagNotes(notes: string | undefined, tag: string): string {
  return notes ? `${notes} [${tag}]` : `[${tag}]`;
}

export interface TaggedJobs {
  /** Jobs by tag, in the order of the list. A tag may have several jobs. */
  readonly jobs: ReadonlyMap<string, readonly Job[]>;
  /** False if the list was too long to read completely. */
  readonly isComplete: boolean;
}

/**
 * Finds renders by the tags that they were started with.
 *
 * @example
 * const found = await findTaggedJobs(client, (tag) => tag === "sh010-v3");
 */
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
 * The job that a later run should continue with: a completed one, else a running one. Jobs that failed, were canceled, or
 * whose files were deleted do not count.
 *
 * @example
 * const { jobs } = await client.jobs.list();
 * const earlier = chooseResumableJob(jobs);
 * if (earlier) await client.submit({ jobId: earlier.id });
 */
export function chooseResumableJob(jobs: readonly Job[]): Job | undefined {
  const usable = jobs.filter(
    ({ status, output }) => !["failed", "canceled"].includes(status) && !output?.isDeletedForClient,
  );
  return (
    usable.find(({ status }) => status === "completed") ?? usable.find(({ status }) => !isFinalStatus(status))
  );
}

/**
 * All texts in brackets in the notes of a render, without duplicates.
 *
 * @example
 * readTags(job); // ["sh010-v3"] if its notes are "hero shot [sh010-v3]"
 */
export function readTags({ requestedConfig }: Job): string[] {
  // Where the notes appear in the server's response is not documented.
  const tags = (JSON.stringify(requestedConfig) ?? "").matchAll(/\[([\w-]+)\]/g);
  return [...new Set([...tags].map(([, tag = ""]) => tag))];
}

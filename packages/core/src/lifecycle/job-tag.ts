import type { CallOptions } from "../call-options.ts";
import type { RenderClient } from "../client.ts";
import type { Job } from "../schemas/index.ts";

const PAGE_SIZE = 100;
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

/** Finds the renders that were started with one of the tags. */
export async function findTaggedJobs(
  client: RenderClient,
  tags: readonly string[],
  options?: CallOptions,
): Promise<TaggedJobs> {
  const jobs = new Map<string, Job[]>(tags.map((tag) => [tag, []]));
  let read = 0;
  for await (const job of client.jobs.listAll({ pageSize: PAGE_SIZE }, options)) {
    read += 1;
    if (read > MAX_JOBS) return { jobs, isComplete: false };
    const config = JSON.stringify(job.requestedConfig) ?? "";
    for (const [tag, found] of jobs) if (config.includes(`[${tag}]`)) found.push(job);
  }
  return { jobs, isComplete: true };
}

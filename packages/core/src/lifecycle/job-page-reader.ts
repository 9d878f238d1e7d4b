import type { Job } from "../contract/index.ts";
import type { CallOptions } from "../http/call-options.ts";
import type { JobsResource } from "../resources/jobs.ts";

/** The requested size; the server may return less. */
const PAGE_SIZE = 100;

/** Finds jobs in the list with as few pages as possible: it starts where they were last time. */
export class JobPageReader {
  readonly #jobs: JobsResource;
  #firstPage = 1;

  constructor(jobs: JobsResource) {
    this.#jobs = jobs;
  }

  /** Yields the jobs of `wanted` that it finds. Never reads more pages than there are jobs to find. */
  async *read(wanted: ReadonlySet<string>, options: CallOptions): AsyncGenerator<Job, void> {
    const missing = new Set(wanted);
    let firstPageWithAny: number | undefined;
    let pagesRead = 0;
    for (let page = this.#firstPage; missing.size > 0 && pagesRead < wanted.size; page++) {
      const { jobs, pagination } = await this.#jobs.list({ page, pageSize: PAGE_SIZE }, options);
      pagesRead += 1;
      const found = jobs.filter((job) => missing.delete(job.id));
      if (found.length > 0) firstPageWithAny ??= page;
      yield* found;
      if (jobs.length === 0 || page >= (pagination?.totalPages ?? Number.POSITIVE_INFINITY)) break;
    }
    // A job that has moved to an earlier page is read by itself this time, and found from page 1 next time.
    this.#firstPage = missing.size > 0 ? 1 : (firstPageWithAny ?? 1);
  }
}

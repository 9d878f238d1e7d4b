import type { Job, JobPage, ListJobsQuery } from "../contract/index.ts";
import { UnexpectedResponseError } from "../errors/index.ts";

/** A list with more jobs than this is assumed to be endless. */
const MAX_JOBS = 100_000;
/** The page size for iterating, unless the query sets one. The server may return less. */
const PAGE_SIZE = 100;

type ReadPage = (query: ListJobsQuery) => Promise<JobPage>;

/**
 * A list of jobs. Await it for one page, or iterate over it for all jobs of all pages, without duplicates. Nothing is sent
 * before that.
 *
 * @example
 * const { jobs, pagination } = await client.jobs.list({ page: 2 });
 * for await (const job of client.jobs.list({ status: "failed" })) console.log(job.id);
 */
export class JobList implements Promise<JobPage>, AsyncIterable<Job> {
  readonly [Symbol.toStringTag]: string = "JobList";
  readonly #query: ListJobsQuery;
  readonly #readPage: ReadPage;
  #awaited: Promise<JobPage> | undefined;

  constructor(query: ListJobsQuery, readPage: ReadPage) {
    this.#query = query;
    this.#readPage = readPage;
  }

  // biome-ignore lint/suspicious/noThenProperty: a list is made to be awaited.
  then<Value = JobPage, Failure = never>(
    onPage?: ((page: JobPage) => Value | PromiseLike<Value>) | null,
    onError?: ((error: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<Value | Failure> {
    this.#awaited ??= this.#readPage(this.#query).then((page) => ({
      ...page,
      jobs: this.#wanted(page.jobs),
    }));
    return this.#awaited.then(onPage, onError);
  }

  catch<Failure = never>(
    onError?: ((error: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<JobPage | Failure> {
    return this.then(null, onError);
  }

  finally(onEnd?: (() => void) | null): Promise<JobPage> {
    return this.then().finally(onEnd);
  }

  /** @throws UnexpectedResponseError if the list does not end */
  async *[Symbol.asyncIterator](): AsyncGenerator<Job, void> {
    const { page: first = 1, pageSize = PAGE_SIZE } = this.#query;
    const seen = new Set<string>();
    for (let page = first; seen.size <= MAX_JOBS; page++) {
      const { jobs, pagination } = await this.#readPage({ ...this.#query, page, pageSize });
      // The list may shift between pages.
      const fresh = jobs.filter(({ id }) => !seen.has(id) && seen.add(id));
      yield* this.#wanted(fresh);
      if (fresh.length === 0 || page >= (pagination?.totalPages ?? Number.POSITIVE_INFINITY)) return;
    }
    throw endlessList();
  }

  /** The filter is not documented: a server that does not know it lists everything. */
  #wanted(jobs: Job[]): Job[] {
    const { status } = this.#query;
    return status === undefined ? jobs : jobs.filter((job) => job.status === status);
  }
}

function endlessList(): UnexpectedResponseError {
  return new UnexpectedResponseError({
    operation: "list jobs",
    method: "GET",
    url: "/jobs",
    status: 200,
    body: "",
    problem: `still has more after ${MAX_JOBS.toLocaleString("en-US")} jobs`,
  });
}

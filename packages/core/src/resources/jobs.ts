import {
  type CreateJobRequest,
  createJobRequestSchema,
  type Downloads,
  downloadsSchema,
  type Job,
  type JobPage,
  type JobProgress,
  type ListJobsQuery,
  listJobsQuerySchema,
  parseProgress,
  type RenderConfig,
  startRenderRequestSchema,
} from "../contract/index.ts";
import { hasValidated, isFinalStatus, mayHaveStarted } from "../contract/job-status.ts";
import { readJob, readJobIfAny, readJobOf, readJobPage, unwrap } from "../contract/read-answer.ts";
import {
  AmbiguousOutcomeError,
  ApiError,
  aboutJob,
  InvalidRequestError,
  UnexpectedResponseError,
  withJob,
} from "../errors/index.ts";
import { type ApiCall, type ApiCaller, mayHaveBeenDone } from "../http/api-caller.ts";
import type { CallOptions } from "../http/call-options.ts";
import type { WaitOptions } from "../lifecycle/wait-for-job.ts";
import { checkInput } from "./check-input.ts";
import { checkJobId } from "./job-id.ts";
import { JobList } from "./job-list.ts";

/** One quick attempt; a rate limit that only it meets must not put the brake on what matters. */
export const BEST_EFFORT: CallOptions = {
  timeoutMs: 15_000,
  retry: { maxAttempts: 1, maxRateLimitWaitMs: 0 },
};
/** A start whose answer cannot be understood although the job is idle is repeated so often. */
const MAX_GARBLED_STARTS = 3;

export interface StartedRender {
  readonly job: Job;
  /** True when the render had been started before; this call then changed nothing. */
  readonly wasReplayed: boolean;
}

export class JobsResource {
  readonly #caller: ApiCaller;
  readonly #wait: (id: string, options: WaitOptions) => Promise<Job>;
  #isPageSizeRefused = false;

  constructor(caller: ApiCaller, wait: (id: string, options: WaitOptions) => Promise<Job>) {
    this.#caller = caller;
    this.#wait = wait;
  }

  /**
   * Makes a job of an uploaded file. Not idempotent, so it is repeated only when the request surely was not served.
   *
   * @throws AmbiguousOutcomeError when a job may or may not have been made.
   */
  async create(input: CreateJobRequest, options?: CallOptions): Promise<Job> {
    const body = checkInput(createJobRequestSchema, input, "job");
    return this.#post(
      { operation: "create job", path: "/jobs", body, read: readJob, repeat: "unsent-only" },
      options,
    );
  }

  async get(id: string, options?: CallOptions): Promise<Job> {
    return aboutJob(id, () =>
      this.#get({ operation: "get job", path: jobPath(id), read: readJobOf(id) }, options),
    );
  }

  /**
   * Lists jobs: one page when awaited, every job of every page when iterated. The order is not documented.
   *
   * @example
   * for await (const job of client.jobs.list({ status: "failed" })) console.log(job.id);
   */
  list(query: ListJobsQuery = {}, options?: CallOptions): JobList {
    return new JobList(query, (pageQuery) => this.#readPage(pageQuery, options));
  }

  /** Starts the server's check of the scene. A job that has been validated already is fine. */
  async validate(id: string, options?: CallOptions): Promise<Job> {
    const call = { operation: "validate job", path: `${jobPath(id)}/validate`, read: readJobIfAny(id) };
    return this.#act(id, call, isValidateDone, options);
  }

  /**
   * Starts the render. Safe to repeat: the server answers a second call with the render that runs. When no answer can
   * be had or understood, the job tells.
   *
   * @throws AmbiguousOutcomeError, retryable, when the render may or may not have been started.
   */
  async startRender(id: string, config: RenderConfig, options?: CallOptions): Promise<StartedRender> {
    const body = checkInput(startRenderRequestSchema, { requestedRenderConfig: config }, "render settings");
    const path = `${jobPath(id)}/render`;
    const call = { operation: "start render", method: "POST", path, body, repeat: "always" } as const;
    return aboutJob(id, async () => {
      for (let attempt = 1; ; attempt++) {
        try {
          const { data, headers } = await this.#caller.call({ ...call, read: readJobIfAny(id) }, options);
          const job = data ?? (await this.get(id, options));
          return { job, wasReplayed: headers["x-idempotent-replay"]?.toLowerCase() === "true" };
        } catch (error) {
          const job = await this.#reread(id, error, options);
          if (job && mayHaveStarted(job)) return { job, wasReplayed: true };
          const isGarbled = UnexpectedResponseError.isInstance(error);
          if (isGarbled && attempt < MAX_GARBLED_STARTS) continue;
          throw withJob(mayHaveBeenDone(error) ? startInDoubt(id, error) : error, job ?? id);
        }
      }
    });
  }

  /** Cancels the job; it may take a while to show. A job that is over stays what it is: look at the status. */
  async cancel(id: string, options?: CallOptions): Promise<Job> {
    const call = { operation: "cancel job", path: `${jobPath(id)}/cancel`, read: readJobIfAny(id) };
    return this.#act(id, call, (job) => isFinalStatus(job.status), options);
  }

  /** Counters of one job; undefined while nothing runs. */
  async progress(id: string, options?: CallOptions): Promise<JobProgress | undefined> {
    const path = `${jobPath(id)}/progress`;
    const entries = await this.#get({ operation: "get progress", path, read: parseProgress }, options);
    return entries.find((entry) => entry.jobId === id) ?? entries[0];
  }

  /** The same as long as it is there for the asking: undefined also when the API refuses or is slow. */
  async progressIfAny(id: string, options?: CallOptions): Promise<JobProgress | undefined> {
    return this.progress(id, { ...BEST_EFFORT, ...options }).catch(() => {
      options?.signal?.throwIfAborted();
      return undefined;
    });
  }

  /** Counters of all jobs that run. */
  async progressOfAll(options?: CallOptions): Promise<JobProgress[]> {
    return this.#get(
      { operation: "get progress of all jobs", path: "/jobs/progress", read: parseProgress },
      options,
    );
  }

  /** Fresh signed URLs of what the job has made. Empty until it is ready. */
  async downloads(id: string, options?: CallOptions): Promise<Downloads> {
    const read = (body: unknown) => downloadsSchema.parse(unwrap(body) ?? {});
    return aboutJob(id, () =>
      this.#get({ operation: "get downloads", path: `${jobPath(id)}/downloads`, read }, options),
    );
  }

  /** Waits until the job has reached a step. Any number of waits share one poller. */
  async waitFor(id: string, options: WaitOptions): Promise<Job> {
    return this.#wait(checkJobId(id), options);
  }

  /** A server that refuses the page size, whose name is not documented either, is asked without. */
  async #readPage(query: ListJobsQuery, options?: CallOptions): Promise<JobPage> {
    const { pageSize, ...rest } = checkInput(listJobsQuerySchema, query, "query");
    const read = (asked: ListJobsQuery) =>
      this.#get({ operation: "list jobs", path: "/jobs", query: asked, read: readJobPage }, options);
    if (pageSize === undefined || this.#isPageSizeRefused) return read(rest);
    try {
      return await read({ ...rest, pageSize });
    } catch (error) {
      const { page = 1 } = rest;
      if (!InvalidRequestError.isInstance(error) || page > 1) throw error;
      const result = await read(rest);
      this.#isPageSizeRefused = true;
      return result;
    }
  }

  async #get<T>(call: Omit<ApiCall<T>, "method" | "repeat">, options?: CallOptions): Promise<T> {
    return (await this.#caller.call({ ...call, method: "GET", repeat: "always" }, options)).data;
  }

  async #post<T>(call: Omit<ApiCall<T>, "method">, options?: CallOptions): Promise<T> {
    return (await this.#caller.call({ ...call, method: "POST" }, options)).data;
  }

  /** Posts an action; when it fails although its goal is reached, that is no failure. */
  async #act(
    id: string,
    call: Omit<ApiCall<Job | undefined>, "method" | "repeat">,
    isGoalReached: (job: Job) => boolean,
    options?: CallOptions,
  ): Promise<Job> {
    return aboutJob(id, async () => {
      try {
        return (await this.#post({ ...call, repeat: "always" }, options)) ?? (await this.get(id, options));
      } catch (error) {
        const job = await this.#reread(id, error, options);
        if (!job || !isGoalReached(job)) throw withJob(error, job ?? id);
        return job;
      }
    });
  }

  /** Which status means which refusal is not documented, and answers get lost: what the job says of itself decides. */
  async #reread(id: string, error: unknown, options?: CallOptions): Promise<Job | undefined> {
    options?.signal?.throwIfAborted();
    if (!ApiError.isInstance(error) && !mayHaveBeenDone(error)) return undefined;
    return this.get(id, options).catch(() => undefined);
  }
}

function startInDoubt(id: string, cause: unknown): AmbiguousOutcomeError {
  return new AmbiguousOutcomeError({
    operation: "start render",
    hint: `Look at job ${id}: if it does not render, start it again. It is rendered and paid for once, however often it is started.`,
    isRetryable: true,
    cause,
  });
}

function isValidateDone(job: Job): boolean {
  return job.status === "validating" || hasValidated(job) || mayHaveStarted(job);
}

function jobPath(id: string): string {
  return `/jobs/${encodeURIComponent(checkJobId(id))}`;
}

import type { ApiCall, ApiCaller } from "../api-caller.ts";
import type { CallOptions } from "../call-options.ts";
import { ApiError } from "../errors/index.ts";
import type { JobPoller } from "../lifecycle/job-poller.ts";
import { hasValidated, isFinalStatus, mayHaveStarted } from "../lifecycle/status.ts";
import { type WaitOptions, waitForJob } from "../lifecycle/wait-for-job.ts";
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
} from "../schemas/index.ts";
import { checkInput } from "./check-input.ts";
import { readJob, readJobIfAny, readJobPage, unwrap } from "./read-answer.ts";

/** One quick attempt; a rate limit that only it meets must not put the brake on what matters. */
export const BEST_EFFORT: CallOptions = {
  timeoutMs: 15_000,
  retry: { maxAttempts: 1, maxRateLimitWaitMs: 0 },
};
const REFUSALS = [400, 402, 403, 404, 409, 422];

export interface StartedRender {
  readonly job: Job;
  /** True when the render had been started before; this call then changed nothing. */
  readonly wasReplayed: boolean;
}

export class JobsResource {
  readonly #caller: ApiCaller;
  readonly #poller: () => JobPoller;

  constructor(caller: ApiCaller, poller: () => JobPoller) {
    this.#caller = caller;
    this.#poller = poller;
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
    return this.#get({ operation: "get job", path: jobPath(id), read: readJob }, options);
  }

  /** One page. The order is not documented, and the list may shift between pages. */
  async list(query: ListJobsQuery = {}, options?: CallOptions): Promise<JobPage> {
    const checked = checkInput(listJobsQuerySchema, query, "query");
    return this.#get({ operation: "list jobs", path: "/jobs", query: checked, read: readJobPage }, options);
  }

  /** Every job of every page, each id once. */
  async *listAll(query: Omit<ListJobsQuery, "page"> = {}, options?: CallOptions): AsyncGenerator<Job, void> {
    const seen = new Set<string>();
    for (let page = 1; ; page++) {
      const { jobs, pagination } = await this.list({ ...query, page }, options);
      const fresh = jobs.filter((job) => !seen.has(job.id));
      for (const job of fresh) seen.add(job.id);
      yield* fresh;
      if (fresh.length === 0 || page >= (pagination?.totalPages ?? Number.POSITIVE_INFINITY)) return;
    }
  }

  /** Starts the server's check of the scene. A job that has been validated already is fine. */
  async validate(id: string, options?: CallOptions): Promise<Job> {
    const call = { operation: "validate job", path: `${jobPath(id)}/validate`, read: readJobIfAny };
    return this.#act(id, call, isValidateDone, options);
  }

  /** Starts the render. Safe to repeat: the server answers a second call with the render that runs. */
  async startRender(id: string, config: RenderConfig, options?: CallOptions): Promise<StartedRender> {
    const body = checkInput(startRenderRequestSchema, { requestedRenderConfig: config }, "render settings");
    try {
      const { data, headers } = await this.#caller.call(
        {
          operation: "start render",
          method: "POST",
          path: `${jobPath(id)}/render`,
          body,
          read: readJobIfAny,
          repeat: "always",
        },
        options,
      );
      const job = data ?? (await this.get(id, options));
      return { job, wasReplayed: headers["x-idempotent-replay"]?.toLowerCase() === "true" };
    } catch (error) {
      const job = await this.#rereadAfterRefusal(id, error, options);
      if (!mayHaveStarted(job)) throw error;
      return { job, wasReplayed: true };
    }
  }

  /** Cancels the job; it may take a while to show. A job that is over stays what it is: look at the status. */
  async cancel(id: string, options?: CallOptions): Promise<Job> {
    const call = { operation: "cancel job", path: `${jobPath(id)}/cancel`, read: readJobIfAny };
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
    return this.#get({ operation: "get downloads", path: `${jobPath(id)}/downloads`, read }, options);
  }

  /** Waits until the job has reached a step. Any number of waits share one poller. */
  async waitFor(id: string, options: WaitOptions): Promise<Job> {
    return waitForJob({ poller: this.#poller(), runtime: this.#caller.options.runtime }, id, options);
  }

  async #get<T>(call: Omit<ApiCall<T>, "method" | "repeat">, options?: CallOptions): Promise<T> {
    return (await this.#caller.call({ ...call, method: "GET", repeat: "always" }, options)).data;
  }

  async #post<T>(call: Omit<ApiCall<T>, "method">, options?: CallOptions): Promise<T> {
    return (await this.#caller.call({ ...call, method: "POST" }, options)).data;
  }

  /** Posts an action; when it is refused because its goal is reached already, that is no failure. */
  async #act(
    id: string,
    call: Omit<ApiCall<Job | undefined>, "method" | "repeat">,
    isGoalReached: (job: Job) => boolean,
    options?: CallOptions,
  ): Promise<Job> {
    try {
      return (await this.#post({ ...call, repeat: "always" }, options)) ?? (await this.get(id, options));
    } catch (error) {
      const job = await this.#rereadAfterRefusal(id, error, options);
      if (!isGoalReached(job)) throw error;
      return job;
    }
  }

  /** The status codes of refusals are not documented: what the job says of itself decides. */
  async #rereadAfterRefusal(id: string, error: unknown, options?: CallOptions): Promise<Job> {
    const isRefusal = ApiError.isInstance(error) && REFUSALS.includes(error.status);
    if (!isRefusal) throw error;
    return this.get(id, options).catch(() => {
      throw error;
    });
  }
}

function isValidateDone(job: Job): boolean {
  return job.status === "validating" || hasValidated(job) || mayHaveStarted(job);
}

function jobPath(id: string): string {
  return `/jobs/${encodeURIComponent(id)}`;
}

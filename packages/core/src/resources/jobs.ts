import type * as z from "zod/v4";
import {
  type CreateJobRequest,
  type Downloads,
  ENDPOINTS,
  type Endpoint,
  type Job,
  type JobPage,
  type JobProgress,
  type ListJobsQuery,
  parseProgress,
  type RenderConfig,
  renderConfigSchema,
} from "../contract/index.ts";
import { hasValidated, isFinalStatus, mayHaveStarted } from "../contract/job-status.ts";
import { readJobIfAny, readJobOf, readJobPage, unwrap } from "../contract/read-answer.ts";
import {
  AmbiguousOutcomeError,
  ApiError,
  InvalidRequestError,
  UnexpectedResponseError,
  withJob,
} from "../errors/index.ts";
import { type ApiCaller, mayHaveBeenDone } from "../http/api-caller.ts";
import type { CallOptions } from "../http/call-options.ts";
import type { WaitOptions } from "../lifecycle/wait-for-job.ts";
import { checkInput } from "../settings/check-input.ts";
import { checkSpelling } from "../settings/known-values.ts";
import { callEndpoint, type EndpointInput } from "./call-endpoint.ts";
import { checkJobId } from "./job-id.ts";
import { JobList } from "./job-list.ts";
import { checkSlug } from "./slug.ts";

/** One quick attempt. A rate limit that only affects this call must not pause the others. */
export const BEST_EFFORT: CallOptions = {
  timeoutMs: 15_000,
  retry: { maxAttempts: 1, maxRateLimitWaitMs: 0 },
};
/** How often a start request is repeated if its response cannot be understood and the job is still idle. */
const MAX_GARBLED_STARTS = 3;

const OPTIONS = { option: "job", member: "option" };
const QUERY = { option: "query", member: "option" };
const SETTINGS = { option: "settings", member: "setting" };

/** The job of a render that was started. */
export interface StartedRender {
  readonly job: Job;
  /** True if the render had already been started; then this call changed nothing. */
  readonly wasReplayed: boolean;
}

/**
 * `client.jobs`: a method for each endpoint, and `waitFor`.
 *
 * @example
 * const job = await client.jobs.get(jobId);
 */
export class JobsResource {
  readonly #caller: ApiCaller;
  readonly #wait: (id: string, options: WaitOptions) => Promise<Job>;
  #isPageSizeRefused = false;

  constructor(caller: ApiCaller, wait: (id: string, options: WaitOptions) => Promise<Job>) {
    this.#caller = caller;
    this.#wait = wait;
  }

  /**
   * Creates a job from an uploaded file. Not idempotent, so it is only retried if the request was certainly not processed.
   *
   * @throws AmbiguousOutcomeError if a job may or may not have been created
   * @example
   * const { slug } = await client.uploads.create({ fileName: "shot.blend", fileType: "blend" });
   * const job = await client.jobs.create({ slug });
   */
  async create(input: CreateJobRequest, options?: CallOptions): Promise<Job> {
    checkSlug(input.slug);
    const body = checkInput(ENDPOINTS.createJob.body, input, OPTIONS);
    return this.#send(ENDPOINTS.createJob, { body }, options);
  }

  /**
   * Returns a job.
   *
   * @throws NotFoundError if there is no such job in this workspace
   * @example
   * const { status, analysis } = await client.jobs.get(jobId);
   */
  async get(id: string, options?: CallOptions): Promise<Job> {
    return this.#send(ENDPOINTS.getJob, { id, read: readJobOf(id) }, options);
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

  /**
   * Starts the server's check of the scene. Does nothing if the job has already been validated.
   *
   * @example
   * await client.jobs.validate(jobId);
   * const { analysis } = await client.jobs.waitFor(jobId, { until: "validated" });
   */
  async validate(id: string, options?: CallOptions): Promise<Job> {
    return this.#act(ENDPOINTS.validateJob, id, isValidateDone, options);
  }

  /**
   * Starts the render. Safe to repeat: the server responds to a second call with the render that is already running. If there
   * is no usable response, the status of the job decides.
   *
   * @throws AmbiguousOutcomeError, retryable, if the render may or may not have been started
   * @example
   * await client.jobs.startRender(jobId, { colorManagementPreset: "default", frameRanges: ["1-24"] });
   */
  async startRender(id: string, config: RenderConfig, options?: CallOptions): Promise<StartedRender> {
    const endpoint = ENDPOINTS.startRender;
    const requestedRenderConfig = checkInput(renderConfigSchema, config, SETTINGS);
    checkSpelling(config);
    const input = { id, body: { requestedRenderConfig }, read: readJobIfAny(id) };
    for (let attempt = 1; ; attempt++) {
      try {
        const { data, headers } = await callEndpoint(this.#caller, endpoint, input, options);
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
  }

  /**
   * Cancels the job. The status may take a while to change. A job that has already ended keeps its status.
   *
   * @example
   * const { status } = await client.jobs.cancel(jobId);
   */
  async cancel(id: string, options?: CallOptions): Promise<Job> {
    return this.#act(ENDPOINTS.cancelJob, id, (job) => isFinalStatus(job.status), options);
  }

  /**
   * The frame counters of one job; undefined unless it is running.
   *
   * @example
   * const { completedFrames, totalFrames } = (await client.jobs.progress(jobId)) ?? {};
   */
  async progress(id: string, options?: CallOptions): Promise<JobProgress | undefined> {
    const entries = await this.#send(ENDPOINTS.getProgress, { id, read: parseProgress }, options);
    return entries.find((entry) => entry.jobId === id) ?? entries[0];
  }

  /**
   * The same, best effort: also undefined if the API refuses or is slow.
   *
   * @example
   * const progress = await client.jobs.progressIfAny(jobId);
   */
  async progressIfAny(id: string, options?: CallOptions): Promise<JobProgress | undefined> {
    return this.progress(id, { ...BEST_EFFORT, ...options }).catch(() => {
      options?.signal?.throwIfAborted();
      return undefined;
    });
  }

  /**
   * The frame counters of all running jobs.
   *
   * @example
   * for (const { jobId, completedFrames } of await client.jobs.progressOfAll()) console.log(jobId, completedFrames);
   */
  async progressOfAll(options?: CallOptions): Promise<JobProgress[]> {
    return this.#send(ENDPOINTS.getAllProgress, { read: parseProgress }, options);
  }

  /**
   * New signed URLs of the job's files. Empty until they are ready.
   *
   * @example
   * const { frameOutputs } = await client.jobs.downloads(jobId);
   */
  async downloads(id: string, options?: CallOptions): Promise<Downloads> {
    const read = (body: unknown) => ENDPOINTS.getDownloads.answer.parse(unwrap(body) ?? {});
    return this.#send(ENDPOINTS.getDownloads, { id, read }, options);
  }

  /**
   * Waits until the job has reached a step. Any number of waits share one poller.
   *
   * @throws JobFailedError, JobCanceledError when the job ends that way (unless `throwOnFailure` is false).
   * @throws TimeoutError `deadline_exceeded`; the job keeps running
   * @example
   * const job = await client.jobs.waitFor(jobId, { until: "finished", deadlineMs: 3_600_000 });
   */
  async waitFor(id: string, options: WaitOptions): Promise<Job> {
    return this.#wait(checkJobId(id), options);
  }

  /** Not even the name of the page size is documented: if the server refuses it, the request is repeated without. */
  async #readPage(query: ListJobsQuery, options?: CallOptions): Promise<JobPage> {
    const { pageSize, ...rest } = checkInput(ENDPOINTS.listJobs.query, query, QUERY);
    const read = (asked: ListJobsQuery) =>
      this.#send(ENDPOINTS.listJobs, { query: asked, read: readJobPage }, options);
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

  async #send<E extends Endpoint, T = z.output<E["answer"]>>(
    endpoint: E,
    input: EndpointInput<T>,
    options?: CallOptions,
  ): Promise<T> {
    return (await callEndpoint(this.#caller, endpoint, input, options)).data;
  }

  /** Requests an action. If it fails although its goal has been reached, that counts as a success. */
  async #act(
    endpoint: Endpoint,
    id: string,
    isGoalReached: (job: Job) => boolean,
    options?: CallOptions,
  ): Promise<Job> {
    try {
      const job = await this.#send(endpoint, { id, read: readJobIfAny(id) }, options);
      return job ?? (await this.get(id, options));
    } catch (error) {
      const job = await this.#reread(id, error, options);
      if (!job || !isGoalReached(job)) throw withJob(error, job ?? id);
      return job;
    }
  }

  /** The status codes of refusals are not documented, and responses can get lost, so the state of the job decides. */
  async #reread(id: string, error: unknown, options?: CallOptions): Promise<Job | undefined> {
    options?.signal?.throwIfAborted();
    if (!ApiError.isInstance(error) && !mayHaveBeenDone(error)) return undefined;
    return this.get(id, options).catch(() => undefined);
  }
}

function startInDoubt(id: string, cause: unknown): AmbiguousOutcomeError {
  return new AmbiguousOutcomeError({
    operation: "start render",
    hint: `Check job ${id}: if it is not rendering, start it again. It is rendered and billed only once, however often it is started.`,
    isRetryable: true,
    cause,
  });
}

function isValidateDone(job: Job): boolean {
  return job.status === "validating" || hasValidated(job) || mayHaveStarted(job);
}

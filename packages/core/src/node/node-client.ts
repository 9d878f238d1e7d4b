import { buildClient, type RenderClient } from "../client.ts";
import type { ClientOptions } from "../client-options.ts";
import type { Job } from "../contract/index.ts";
import { type CancelOutcome, ensureCanceled } from "../lifecycle/ensure-canceled.ts";
import { EventLog } from "../lifecycle/event-log.ts";
import { expectedFrames } from "../lifecycle/expected-frames.ts";
import type { JobEvent } from "../lifecycle/job-event.ts";
import { type JobResult, type RunJobInput, type RunJobOptions, runJob } from "../lifecycle/run-job.ts";
import type { DownloadEvent, DownloadSummary } from "../outputs/download-event.ts";
import { type ConnectionOptions, createDispatchers, type Dispatchers } from "./connection/dispatchers.ts";
import { createUndiciTransport } from "./connection/undici-transport.ts";
import { type CredentialOptions, loadCredentials } from "./credentials.ts";
import { checkOutputFolder } from "./download/check-output-place.ts";
import { createDownloader, type DownloadOptions } from "./download/download-outputs.ts";
import { nodeRuntime } from "./node-runtime.ts";
import { type OnceOptions, runJobOnce } from "./once/run-job-once.ts";
import { openSource } from "./source/open-source.ts";

export interface NodeClientOptions
  extends CredentialOptions,
    ConnectionOptions,
    Partial<Pick<ClientOptions, "retry" | "poll" | "timeoutMs" | "userAgent" | "onEvent" | "runtime">> {}

export interface SubmitInput extends Omit<RunJobInput, "from"> {
  /** Where to begin instead of with the files: what an interrupted run had reached. */
  readonly resume?: { readonly slug: string } | { readonly jobId: string } | undefined;
  /** Of several `.blend` files the one to render, see `OpenSourceOptions`. */
  readonly mainScene?: string | undefined;
  /** Paid for once, however often it is called; instead of `resume`. */
  readonly once?: OnceOptions | undefined;
}

export interface SubmitOptions extends Omit<RunJobOptions, "download"> {
  /** Where the files go; without it nothing is downloaded. */
  readonly download?: DownloadOptions | undefined;
}

export interface JobHandle extends AsyncIterable<JobEvent> {
  readonly result: Promise<JobResult>;
  /** Set as soon as the job exists. */
  readonly jobId: string | undefined;
  /** Stops here; the remote job goes on. */
  detach(reason?: unknown): void;
  /**
   * Cancels the remote job, if there is one, and stops here. A "start render" that is on its way is not cut off: its
   * answer is what tells whether there is something to cancel. Call it instead of `detach`, not after it.
   *
   * @param options.deadlineMs by default 90 seconds
   * @throws TimeoutError when the job was not seen to end in time.
   */
  cancel(options?: { readonly deadlineMs?: number | undefined }): Promise<CancelOutcome | undefined>;
}

export interface NodeClient extends RenderClient, AsyncDisposable {
  /**
   * Takes a `.blend`, a `.zip`, a folder or several files through the whole lifecycle. The handle can be iterated for
   * its events, and has the result.
   */
  submit(paths: string | readonly string[], input?: SubmitInput, options?: SubmitOptions): JobHandle;
  /** Fetches what a completed job has made. */
  download(
    job: Job,
    options: DownloadOptions & { readonly signal?: AbortSignal | undefined },
  ): AsyncGenerator<DownloadEvent, DownloadSummary>;
  close(): Promise<void>;
}

/**
 * A client for Node: credentials from options, environment or file, undici, proxies.
 *
 * @throws ConfigError when there is no key.
 */
export async function createNodeClient(options: NodeClientOptions = {}): Promise<NodeClient> {
  const { apiKey, baseUrl } = await loadCredentials(options);
  const dispatchers = createDispatchers(options);
  const { retry, poll, timeoutMs, onEvent } = options;
  const client = buildClient({
    apiKey,
    baseUrl,
    transport: createUndiciTransport(dispatchers),
    runtime: options.runtime ?? nodeRuntime,
    userAgent: options.userAgent ?? `renderjuice-core node/${process.versions.node}`,
    retry,
    poll,
    timeoutMs,
    onEvent,
  });
  const close = () => dispatchers.close();
  return {
    ...client,
    submit: (paths, input = {}, submitOptions = {}) =>
      submit(client, dispatchers, paths, input, submitOptions),
    download: (job, { signal, ...downloadOptions }) =>
      createDownloader(
        dispatchers,
        downloadOptions,
      )({
        client,
        job,
        expectedFrames: downloadOptions.frames ?? expectedFrames(job),
        jobFrames: expectedFrames(job),
        signal,
      }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function submit(
  client: RenderClient,
  dispatchers: Dispatchers,
  paths: string | readonly string[],
  { resume, once, mainScene, ...input }: SubmitInput,
  { download, signal, ...options }: SubmitOptions,
): JobHandle {
  const stop = new AbortController();
  const runSignal = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const knownJobId = resume && "jobId" in resume ? resume.jobId : undefined;
  const runOptions = {
    ...options,
    signal: runSignal,
    ...(download && { download: createDownloader(dispatchers, download) }),
  };
  return startHandle(client, stop, knownJobId, async function* events() {
    // Before anything is sent: after the render it would be too late.
    if (download) await checkOutputFolder(download.outDir);
    const open = () => openSource(paths, { mainScene });
    if (once) return yield* runJobOnce({ client, openSource: open, input, once, options: runOptions });
    return yield* runJob(client, { ...input, from: resume ?? { source: await open() } }, runOptions);
  });
}

/** Runs at once, whether or not anybody iterates. */
function startHandle(
  client: RenderClient,
  stop: AbortController,
  knownJobId: string | undefined,
  run: () => AsyncGenerator<JobEvent, JobResult>,
): JobHandle {
  const log = new EventLog<JobEvent>(({ type }) => type.endsWith("-progressed"));
  let jobId = knownJobId;
  let isFromElsewhere = knownJobId !== undefined;
  let start: PromiseWithResolvers<void> | undefined;
  const pump = async (): Promise<JobResult> => {
    const events = run();
    for (;;) {
      const next = await events.next();
      if (next.done) return next.value;
      const event = next.value;
      if (event.type === "job-created" || event.type === "job-attached") jobId = event.jobId;
      if (event.type === "job-attached") isFromElsewhere = true;
      if (event.type === "render-started") start = awaitStart();
      if (event.type === "render-accepted") start?.resolve();
      log.add(event);
    }
  };
  const result = pump().finally(() => log.end());
  // Whoever only iterates must not be punished with an unhandled rejection; iterating rethrows it.
  result.catch((error) => start?.reject(error));
  const cancel = async (options: { readonly deadlineMs?: number | undefined } = {}) => {
    const abort = () => stop.abort(new DOMException("Canceled.", "AbortError"));
    if (!start) {
      abort();
      await result.catch(() => undefined);
    }
    if (jobId === undefined) return undefined;
    try {
      return await ensureCanceled(client, jobId, {
        ...options,
        mayStillStart: start?.promise ?? isFromElsewhere,
      });
    } finally {
      abort();
      await result.catch(() => undefined);
    }
  };
  return {
    result,
    get jobId() {
      return jobId;
    },
    detach: (reason = new DOMException("Detached.", "AbortError")) => stop.abort(reason),
    cancel,
    async *[Symbol.asyncIterator]() {
      yield* log;
      await result;
    },
  };
}

function awaitStart(): PromiseWithResolvers<void> {
  const start = Promise.withResolvers<void>();
  // Heard by whoever cancels; if nobody does, its failure is the run's.
  start.promise.catch(() => undefined);
  return start;
}

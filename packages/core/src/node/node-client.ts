import { fileURLToPath } from "node:url";
import { buildClient, type RenderClient } from "../client.ts";
import type { ClientOptions } from "../client-options.ts";
import type { Job } from "../contract/index.ts";
import { ConfigError } from "../errors/index.ts";
import { expectedFrames } from "../lifecycle/expected-frames.ts";
import { JobHandle } from "../lifecycle/job-handle.ts";
import { type Downloader, runJob } from "../lifecycle/run-job.ts";
import type { EarlierRun, SubmitOptions } from "../lifecycle/submit-job.ts";
import { checkSubmission, jobIdOf } from "../lifecycle/submit-options.ts";
import type { DownloadEvent, DownloadSummary } from "../outputs/download-event.ts";
import { TaskHandle } from "../runtime/task-handle.ts";
import type { Source } from "../scene/source.ts";
import { systemRuntime } from "../web/system-runtime.ts";
import { checkDownloadCall, checkNodeClientOptions, checkNodeSubmitOptions } from "./check-options.ts";
import { type ConnectionOptions, createDispatchers, type Dispatchers } from "./connection/dispatchers.ts";
import { createUndiciTransport } from "./connection/undici-transport.ts";
import { type CredentialOptions, loadCredentials } from "./credentials.ts";
import { checkOutputFolder } from "./download/check-output-place.ts";
import { createDownloader, type DownloadOptions } from "./download/download-outputs.ts";
import { type OnceOptions, runJobOnce } from "./once/run-job-once.ts";
import { openSource } from "./source/open-source.ts";

/** Options of `createNodeClient`. */
export interface NodeClientOptions
  extends CredentialOptions,
    ConnectionOptions,
    Partial<Pick<ClientOptions, "retry" | "poll" | "timeoutMs" | "userAgent" | "onEvent" | "runtime">> {}

/** Options of `client.submit` on Node. */
export interface NodeSubmitOptions extends Omit<SubmitOptions, "download"> {
  /** Where the files go, or your own downloader; without it, nothing is downloaded. */
  readonly download?: DownloadOptions | Downloader | undefined;
  /** The `.blend` to render, if there are several; see `OpenSourceOptions`. */
  readonly mainScene?: string | undefined;
  /** Whether a `.blend` brings the files along that it refers to; see `OpenSourceOptions`. @default true */
  readonly bringFiles?: boolean | undefined;
  /** Pays for the render only once, however often it is started. */
  readonly once?: OnceOptions | undefined;
}

/** Options of `client.download`. */
interface DownloadCallOptions extends DownloadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with each event, and awaited before the download continues. */
  readonly onEvent?: ((event: DownloadEvent) => unknown) | undefined;
}

/**
 * What `submit` takes: a `.blend`, a `.zip`, a folder (as a path or a `file:` URL), several files, what `openSource` returned, or an earlier run.
 */
export type Submission = string | URL | readonly string[] | Source | EarlierRun;

/** A client with files, folders and proxies. Create it with `createNodeClient`. */
export interface NodeClient extends RenderClient, AsyncDisposable {
  /**
   * Takes a scene through the whole lifecycle: upload, validate, render, wait, download. Await the handle for the
   * result, or iterate it for the events.
   *
   * @throws what `JobHandle` rejects with: PreflightError before anything is sent, JobFailedError, JobCanceledError,
   * TimeoutError when `deadlineMs` is over and the job goes on.
   * @example
   * const { downloads } = await client.submit("shot.blend", { frames: "1-24", download: { outDir: "renders" } });
   */
  submit(what: Submission, options?: NodeSubmitOptions): JobHandle;
  /**
   * Downloads the files of a completed job. Files that are already there are skipped.
   *
   * @throws DownloadError if the job has no files
   * @example
   * const { files } = await client.download(jobId, { outDir: "renders" });
   */
  download(job: Job | string, options: DownloadCallOptions): TaskHandle<DownloadEvent, DownloadSummary>;
  close(): Promise<void>;
}

/**
 * A client for Node: credentials from options, environment or file, undici, proxies.
 *
 * @throws ConfigError if there is no key
 * @example
 * const client = createNodeClient();
 * const { job } = await client.submit("shot.blend");
 */
export function createNodeClient(options: NodeClientOptions = {}): NodeClient {
  checkNodeClientOptions(options);
  const { apiKey, baseUrl } = loadCredentials(options);
  const dispatchers = createDispatchers(options);
  const { retry, poll, timeoutMs, onEvent } = options;
  const client = buildClient({
    apiKey,
    baseUrl,
    transport: createUndiciTransport(dispatchers),
    runtime: options.runtime ?? systemRuntime,
    userAgent: options.userAgent ?? `renderjuice-core node/${process.versions.node}`,
    retry,
    poll,
    timeoutMs,
    onEvent,
  });
  const close = () => dispatchers.close();
  return {
    ...client,
    submit: (what, submitOptions = {}) => submit(client, dispatchers, what, submitOptions),
    download: (job, downloadOptions) => download(client, dispatchers, job, downloadOptions),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function submit(
  client: RenderClient,
  dispatchers: Dispatchers,
  what: Submission,
  submitOptions: NodeSubmitOptions,
): JobHandle {
  const { download, once, mainScene, bringFiles, frames, settings, onEvent, signal, ...options } =
    submitOptions ?? {};
  const input = { frames, settings };
  return new JobHandle({
    client,
    jobId: jobIdOf(what),
    // What is not one is refused below, like any other option.
    signal: signal instanceof AbortSignal ? signal : undefined,
    onEvent,
    async *run(runSignal) {
      checkNodeSubmitOptions(submitOptions);
      if (!isPaths(what)) checkSubmission(what);
      const earlier = isEarlierRun(what) ? what : undefined;
      const open = async () =>
        isPaths(what) ? openSource(toPaths(what), { mainScene, bringFiles }) : (what as Source);
      // Before anything is sent: after the render it would be too late.
      if (typeof download === "object") await checkOutputFolder(download.outDir);
      const downloader = typeof download === "object" ? createDownloader(dispatchers, download) : download;
      const runOptions = { ...options, signal: runSignal, download: downloader };
      if (earlier && once) throw onceWithEarlierRun();
      if (once) return yield* runJobOnce({ client, openSource: open, input, once, options: runOptions });
      return yield* runJob(client, { ...input, from: earlier ?? { source: await open() } }, runOptions);
    },
  });
}

function download(
  client: RenderClient,
  dispatchers: Dispatchers,
  jobOrId: Job | string,
  callOptions: DownloadCallOptions,
): TaskHandle<DownloadEvent, DownloadSummary> {
  const { signal, onEvent, ...options } = callOptions ?? {};
  return new TaskHandle({
    onEvent,
    signal,
    isPassing: ({ type }) => type === "file-progressed",
    async *run() {
      checkDownloadCall(callOptions);
      const job =
        typeof jobOrId === "object" && jobOrId !== null
          ? jobOrId
          : await client.jobs.get(jobOrId, { signal });
      return yield* createDownloader(
        dispatchers,
        options,
      )({
        client,
        job,
        expectedFrames: options.frames ?? expectedFrames(job),
        jobFrames: expectedFrames(job),
        signal,
      });
    },
  });
}

function isPaths(what: Submission): what is string | URL | readonly string[] {
  return typeof what === "string" || Array.isArray(what) || what instanceof URL;
}

function toPaths(what: string | URL | readonly string[]): string | readonly string[] {
  return what instanceof URL ? fileURLToPath(what) : what;
}

function isEarlierRun(what: Submission): what is EarlierRun {
  return !isPaths(what) && ("slug" in what || "jobId" in what);
}

function onceWithEarlierRun(): ConfigError {
  return new ConfigError({
    code: "invalid_option",
    option: "once",
    message: "`once` finds the earlier run itself and cannot be combined with a slug or a job id.",
    hint: "Pass the scene. A job id that you know from elsewhere goes into `once.jobId`.",
  });
}

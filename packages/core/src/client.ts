import type { BuildOptions } from "./client-options.ts";
import { ApiCaller } from "./http/api-caller.ts";
import type { CallOptions } from "./http/call-options.ts";
import type { CallerSettings } from "./http/caller-options.ts";
import type { ClientEvent } from "./http/client-events.ts";
import type { JobHandle } from "./lifecycle/job-handle.ts";
import { JobPoller } from "./lifecycle/job-poller.ts";
import { DEFAULT_POLL_POLICY } from "./lifecycle/poll-policy.ts";
import { type EarlierRun, type SubmitOptions, submitJob } from "./lifecycle/submit-job.ts";
import { waitForJob } from "./lifecycle/wait-for-job.ts";
import { JobsResource } from "./resources/jobs.ts";
import { UploadsResource } from "./resources/uploads.ts";
import type { Source } from "./scene/source.ts";

/** The API as an object. All its calls share one rate-limit brake and one poller. */
export interface RenderClient {
  readonly options: CallerSettings;
  readonly uploads: UploadsResource;
  readonly jobs: JobsResource;
  /**
   * Takes a scene through the whole lifecycle, or continues from an upload or a job of an earlier run.
   *
   * @example
   * const { job } = await client.submit(blobSource(file), { frames: "1-24" });
   */
  submit(from: Source | EarlierRun, options?: SubmitOptions): JobHandle;
  /**
   * Passes an event to the listeners of the client and of the call.
   *
   * @example
   * client.notify(
   *   { type: "request-started", operation: "download", method: "GET", url: "https://storage/frame", attempt: 1 },
   *   {},
   * );
   */
  notify(event: ClientEvent, options: CallOptions): void;
}

/**
 * A client with a host's own transport and runtime, for hosts that do not allow `fetch` or timers: their bundle contains
 * neither. `createClient` brings both.
 *
 * @throws ConfigError if the base URL is invalid, or would send the key unencrypted
 * @example
 * ```ts
 * import { buildClient, createFetchTransport, systemRuntime } from "@renderjuice/core/adapter";
 *
 * const client = buildClient({ apiKey: "RJ-…", transport: createFetchTransport(), runtime: systemRuntime });
 * ```
 */
export function buildClient(options: BuildOptions): RenderClient {
  const caller = new ApiCaller(options);
  const { runtime } = options;
  const jobs: JobsResource = new JobsResource(caller, (id, wait) =>
    waitForJob({ poller, runtime }, id, wait),
  );
  const poller = new JobPoller(jobs, runtime, { ...DEFAULT_POLL_POLICY, ...options.poll });
  const client: RenderClient = {
    options: caller.options,
    uploads: new UploadsResource(caller),
    jobs,
    submit: (from, submitOptions = {}) => submitJob(client, from, submitOptions),
    notify: (event, callOptions) => caller.listener(callOptions)(event),
  };
  return client;
}

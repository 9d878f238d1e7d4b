import { ApiCaller } from "./api-caller.ts";
import type { CallOptions } from "./call-options.ts";
import type { ClientEvent } from "./client-events.ts";
import type { ClientOptions, ClientSettings } from "./client-options.ts";
import { JobPoller } from "./lifecycle/job-poller.ts";
import { DEFAULT_POLL_POLICY } from "./lifecycle/poll-policy.ts";
import { JobsResource } from "./resources/jobs.ts";
import { UploadsResource } from "./resources/uploads.ts";

/** The API as an object. Its resources share one rate-limit brake and one poller. */
export interface RenderClient {
  readonly options: ClientSettings;
  readonly uploads: UploadsResource;
  readonly jobs: JobsResource;
  /** Passes an event to the client's listener and the call's. */
  notify(event: ClientEvent, options: CallOptions): void;
}

/** @throws ConfigError when the base URL is no URL or would send the key unencrypted. */
export function createClient(options: ClientOptions): RenderClient {
  const caller = new ApiCaller(options);
  const jobs: JobsResource = new JobsResource(caller, () => poller);
  const poller = new JobPoller(jobs, options.runtime, { ...DEFAULT_POLL_POLICY, ...options.poll });
  return {
    options: caller.options,
    uploads: new UploadsResource(caller),
    jobs,
    notify: (event, callOptions) => caller.listener(callOptions)(event),
  };
}

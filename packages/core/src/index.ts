export type { CallOptions } from "./call-options.ts";
export { createClient, type RenderClient } from "./client.ts";
export type { ClientEvent, ClientEventListener } from "./client-events.ts";
export {
  type ClientOptions,
  type ClientSettings,
  DEFAULT_BASE_URL,
  DEFAULT_TIMEOUT_MS,
} from "./client-options.ts";
export { connectionErrorFrom, type FailedRequest } from "./connection-error-from.ts";
export * from "./errors/index.ts";
export * from "./frames/index.ts";
export { buildRenderConfig } from "./lifecycle/build-render-config.ts";
export { type CreatedJob, createJob } from "./lifecycle/create-job.ts";
export { describeCancel } from "./lifecycle/describe-cancel.ts";
export {
  type CancelOutcome,
  type EnsureCanceledOptions,
  ensureCanceled,
} from "./lifecycle/ensure-canceled.ts";
export { expectedFrames } from "./lifecycle/expected-frames.ts";
export { type JobChange, type JobChangesState, readJobChanges } from "./lifecycle/job-changes.ts";
export type {
  DownloadEvent,
  DownloadedFile,
  DownloadSummary,
  FailedFile,
  JobEvent,
} from "./lifecycle/job-event.ts";
export {
  chooseResumableJob,
  findTaggedJobs,
  readTags,
  type TaggedJobs,
  tagNotes,
} from "./lifecycle/job-tag.ts";
export { nameFiles, readMissingFiles } from "./lifecycle/missing-files.ts";
export { DEFAULT_POLL_POLICY, type PollPolicy } from "./lifecycle/poll-policy.ts";
export {
  type Decision,
  type DecisionFacts,
  type Downloader,
  type JobGoal,
  type JobResult,
  type RunJobInput,
  type RunJobOptions,
  runJob,
} from "./lifecycle/run-job.ts";
export { wasStartRefused } from "./lifecycle/start-refused.ts";
export { describeFailure, hasStarted, hasValidated, isFinalStatus } from "./lifecycle/status.ts";
export { type UploadOptions, uploadSource } from "./lifecycle/upload-source.ts";
export { throwIfFailed, type WaitOptions } from "./lifecycle/wait-for-job.ts";
export * from "./outputs/index.ts";
export * from "./preflight/index.ts";
export { hideSecrets, redactText, redactUrl, redactValue } from "./redact.ts";
export * from "./report/index.ts";
export { isJobId } from "./resources/job-id.ts";
export type { JobsResource, StartedRender } from "./resources/jobs.ts";
export type { UploadsResource } from "./resources/uploads.ts";
export { DEFAULT_RETRY_POLICY, type RetryPolicy } from "./retry/policy.ts";
export { type RetryOptions, withRetry } from "./retry/with-retry.ts";
export type { Runtime } from "./runtime.ts";
export * from "./schemas/index.ts";
export { nearest } from "./settings/nearest.ts";
export { parseSettings, readSettings, SETTING_NAMES } from "./settings/parse-settings.ts";
export { SETTING_HELP } from "./settings/setting-help.ts";
export type { Source } from "./source.ts";
export { type Remedy, type StorageAnswer, StorageError } from "./storage/storage-error.ts";
export type { Transport, TransportRequest, TransportResponse } from "./transport.ts";
export * from "./webhooks/index.ts";

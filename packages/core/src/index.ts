export type { RenderClient } from "./client.ts";
export type { ClientOptions } from "./client-options.ts";
export type { Downloads } from "./contract/downloads.ts";
export type { Job, JobPage, JobStatus, ListJobsQuery } from "./contract/job.ts";
export { isFinalStatus } from "./contract/job-status.ts";
export type { JobProgress } from "./contract/progress.ts";
export type { FinalConfig, RenderConfig, RequestedConfig } from "./contract/render-config.ts";
export type { SceneAnalysis } from "./contract/scene-analysis.ts";
export type { WebhookEvent } from "./contract/webhook-event.ts";
export { AmbiguousOutcomeError } from "./errors/ambiguous-outcome-error.ts";
export { ApiError, RateLimitError } from "./errors/api-error.ts";
export { ConfigError } from "./errors/config-error.ts";
export { ConnectionError } from "./errors/connection-error.ts";
export type { ErrorCode } from "./errors/error-code.ts";
export { JobCanceledError, JobFailedError } from "./errors/job-errors.ts";
export { RenderjuiceError } from "./errors/renderjuice-error.ts";
export { SceneIncompleteError } from "./errors/scene-incomplete-error.ts";
export { TimeoutError } from "./errors/timeout-error.ts";
export { DownloadError, UploadError } from "./errors/transfer-errors.ts";
export { WebhookVerificationError } from "./errors/webhook-verification-error.ts";
export { compactFrames } from "./frame-ranges/compact-frames.ts";
export { expandFrames } from "./frame-ranges/expand-frames.ts";
export { missingFrames } from "./frame-ranges/missing-frames.ts";
export type { CallOptions } from "./http/call-options.ts";
export type { ClientEvent } from "./http/client-events.ts";
export type { RetryPolicy } from "./http/retry/policy.ts";
export type { Transport, TransportRequest, TransportResponse } from "./http/transport.ts";
export {
  foldEvent,
  initialState,
  isRenderOver,
  type JobEvent,
  type JobPhase,
  type JobState,
  mayBeRendering,
} from "./lifecycle/job-event.ts";
export type { JobHandle } from "./lifecycle/job-handle.ts";
export type { PollPolicy } from "./lifecycle/poll-policy.ts";
export type { Decision, DecisionFacts, JobGoal, JobResult } from "./lifecycle/run-job.ts";
export type { EarlierRun, SubmitOptions } from "./lifecycle/submit-job.ts";
export type { WaitOptions } from "./lifecycle/wait-for-job.ts";
export type { DownloadEvent, DownloadedFile, DownloadSummary, FailedFile } from "./outputs/download-event.ts";
export {
  type DescribeErrorOptions,
  describeError,
  type ErrorDescription,
  type ErrorHints,
} from "./report/describe-error.ts";
export type { JobList } from "./resources/job-list.ts";
export type { JobsResource, StartedRender } from "./resources/jobs.ts";
export type { UploadsResource } from "./resources/uploads.ts";
export type { Runtime } from "./runtime/runtime.ts";
export type { TaskHandle } from "./runtime/task-handle.ts";
export { type BlobSourceOptions, blobSource } from "./scene/blob-source.ts";
export { type PreflightReport, preflight } from "./scene/preflight/preflight.ts";
export { PreflightError } from "./scene/preflight/preflight-error.ts";
export type { PreflightIssue } from "./scene/preflight/preflight-issue.ts";
export type { Source } from "./scene/source.ts";
export { createClient } from "./web/create-client.ts";
export { createWebhookHandler } from "./webhooks/create-webhook-handler.ts";
export type { WebhookHandlerOptions } from "./webhooks/delivery-handler.ts";
export { type SignWebhookInput, signWebhook } from "./webhooks/sign-webhook.ts";
export { type VerifyWebhookInput, verifyWebhook } from "./webhooks/verify-webhook.ts";
export type { WebhookHeaders } from "./webhooks/webhook-headers.ts";
export type { WebhookRefusal } from "./webhooks/webhook-refusal.ts";

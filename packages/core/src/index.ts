export type { Decompress } from "./blend/content/decompress.ts";
export type { ExternalFile } from "./blend/facts/external-file.ts";
export { type ReadSceneFactsOptions, readSceneFacts } from "./blend/facts/read-scene-facts.ts";
export type { SceneFacts } from "./blend/facts/scene-facts.ts";
export type { SceneSettings } from "./blend/facts/scene-settings.ts";
export type { RenderClient } from "./client.ts";
export type { ClientOptions } from "./client-options.ts";
export type { Job, JobStatus } from "./contract/job.ts";
export { isFinalStatus } from "./contract/job-status.ts";
export type { RenderConfig } from "./contract/render-config.ts";
export type { SceneAnalysis } from "./contract/scene-analysis.ts";
export type { WebhookEvent } from "./contract/webhook-event.ts";
export { AmbiguousOutcomeError } from "./errors/ambiguous-outcome-error.ts";
export { ApiError, RateLimitError } from "./errors/api-error.ts";
export { BlendFileError } from "./errors/blend-file-error.ts";
export { ConfigError } from "./errors/config-error.ts";
export { ConnectionError } from "./errors/connection-error.ts";
export type { ErrorCode } from "./errors/error-code.ts";
export { JobCanceledError, JobFailedError } from "./errors/job-errors.ts";
export { RenderjuiceError } from "./errors/renderjuice-error.ts";
export { SceneIncompleteError } from "./errors/scene-incomplete-error.ts";
export { TimeoutError } from "./errors/timeout-error.ts";
export { DownloadError, UploadError } from "./errors/transfer-errors.ts";
export { WebhookVerificationError } from "./errors/webhook-verification-error.ts";
export { expandFrames } from "./frame-ranges/expand-frames.ts";
export { missingFrames } from "./frame-ranges/missing-frames.ts";
export {
  foldEvent,
  initialState,
  type JobEvent,
  type JobState,
  mayBeRendering,
} from "./lifecycle/job-event.ts";
export type { JobHandle } from "./lifecycle/job-handle.ts";
export { requestedSettings } from "./lifecycle/requested-settings.ts";
export type { Decision, JobResult } from "./lifecycle/run-job.ts";
export type { SubmitOptions } from "./lifecycle/submit-job.ts";
export type { WaitOptions } from "./lifecycle/wait-for-job.ts";
export type { DownloadSummary } from "./outputs/download-event.ts";
export { describeError } from "./report/describe-error.ts";
export { blobSource } from "./scene/blob-source.ts";
export { preflight } from "./scene/preflight/preflight.ts";
export { PreflightError } from "./scene/preflight/preflight-error.ts";
export type { PreflightIssue } from "./scene/preflight/preflight-issue.ts";
export type { Source } from "./scene/source.ts";
export { createClient } from "./web/create-client.ts";
export { createWebhookHandler } from "./webhooks/create-webhook-handler.ts";
export { signWebhook } from "./webhooks/sign-webhook.ts";
export { verifyWebhook } from "./webhooks/verify-webhook.ts";

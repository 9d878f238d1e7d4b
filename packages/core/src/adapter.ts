/** Building blocks for those who write an adapter. They may change in any minor version; the root entry does not. */

export { buildClient } from "./client.ts";
export type { BuildOptions } from "./client-options.ts";
export type { Downloads } from "./contract/downloads.ts";
export { ENDPOINTS, type Endpoint, type EndpointName } from "./contract/endpoints.ts";
export { JOB_STATUSES, type JobPage, jobSchema, type KnownJobStatus } from "./contract/job.ts";
export { describeFailure, FINAL_STATUSES, hasStarted } from "./contract/job-status.ts";
export type { JobProgress } from "./contract/progress.ts";
export {
  COLOR_DEPTHS,
  COLOR_MANAGEMENT_PRESETS,
  COLOR_MODES,
  COMPOSITOR_DEVICES,
  COMPUTE_DEVICE_TYPES,
  DENOISER_TYPES,
  EXR_CODECS,
  OUTPUT_FORMATS,
  type OutputSettings,
  outputSettingsSchema,
  RENDER_ENGINES,
  renderConfigSchema,
  TIFF_CODECS,
} from "./contract/render-config.ts";
export { sceneName } from "./contract/scene-name.ts";
export {
  type CreateUploadRequest,
  MAX_UPLOAD_BYTES,
  type SourceFileType,
  type UploadTarget,
} from "./contract/upload.ts";
export { WEBHOOK_EVENTS, webhookEventSchema } from "./contract/webhook-event.ts";
export { withJob } from "./errors/about-job.ts";
export { apiErrorFrom } from "./errors/api-error.ts";
export { FileSystemError } from "./errors/file-system-error.ts";
export { ProxyError } from "./errors/proxy-error.ts";
export { RunTakenOverError } from "./errors/run-taken-over-error.ts";
export { compactFrames } from "./frame-ranges/compact-frames.ts";
export { toFrameRanges } from "./frame-ranges/to-frame-ranges.ts";
export { DEFAULT_BASE_URL } from "./http/caller-options.ts";
export type { ClientEvent } from "./http/client-events.ts";
export { connectionErrorFrom } from "./http/connection-error-from.ts";
export { findSystemCode } from "./http/find-system-code.ts";
export { joinHeaders } from "./http/join-headers.ts";
export { DEFAULT_RETRY_POLICY, type RetryPolicy } from "./http/retry/policy.ts";
export { type RetryOptions, withRetry } from "./http/retry/with-retry.ts";
export type { Transport, TransportRequest, TransportResponse } from "./http/transport.ts";
export { buildRenderConfig } from "./lifecycle/build-render-config.ts";
export { type CancelReport, cancelJobs, type JobToCancel } from "./lifecycle/cancel-jobs.ts";
export { createJob } from "./lifecycle/create-job.ts";
export { describeCancel } from "./lifecycle/describe-cancel.ts";
export {
  type CancelOutcome,
  type EnsureCanceledOptions,
  ensureCanceled,
} from "./lifecycle/ensure-canceled.ts";
export { expectedFrames } from "./lifecycle/expected-frames.ts";
export { findJob } from "./lifecycle/find-job.ts";
export { type JobChange, type JobChangesState, readJobChanges } from "./lifecycle/job-changes.ts";
export { isRenderOver } from "./lifecycle/job-event.ts";
export { chooseResumableJob, findTaggedJobs, readTags, tagNotes } from "./lifecycle/job-tag.ts";
export { JOB_GOALS, type JobGoal } from "./lifecycle/run-job.ts";
export { wasStartRefused } from "./lifecycle/start-refused.ts";
export { type UploadOptions, uploadSource } from "./lifecycle/upload-source.ts";
export { throwIfFailed } from "./lifecycle/wait-for-job.ts";
export type { DownloadEvent, FailedFile } from "./outputs/download-event.ts";
export { fetchOutput, readOutputRefusal } from "./outputs/fetch-output.ts";
export { findMissing, type MissingOutputs } from "./outputs/find-missing.ts";
export { frameFiles } from "./outputs/frame-files.ts";
export { nameFrame } from "./outputs/frame-pattern.ts";
export { describeFailedFile, obtainEach } from "./outputs/obtain-each.ts";
export { isWanted, type OutputFilter } from "./outputs/output-filter.ts";
export { OutputUrls } from "./outputs/output-urls.ts";
export { type OutputKind, type PlannedOutput, planOutputs } from "./outputs/plan-outputs.ts";
export { corruptFile, findProblem } from "./outputs/received-file.ts";
export { safeRelativePath } from "./outputs/safe-relative-path.ts";
export { waitForOutputs } from "./outputs/wait-for-outputs.ts";
export { listAnalysis } from "./report/describe-analysis.ts";
export type { ErrorDescription, ErrorHints } from "./report/describe-error.ts";
export { describeShortfall, isComplete, type Shortfall } from "./report/describe-shortfall.ts";
export { describeUsageError } from "./report/describe-usage-error.ts";
export { ProgressReport } from "./report/progress-report.ts";
export { reportRateLimits } from "./report/report-rate-limits.ts";
export { isJobId } from "./resources/job-id.ts";
export type { Runtime } from "./runtime/runtime.ts";
export type { ByteSource } from "./scene/byte-source.ts";
export { detectFormat } from "./scene/preflight/file-format.ts";
export { requireComplete } from "./scene/preflight/preflight.ts";
export { readFacts } from "./scene/preflight/read-facts.ts";
export type { SourceFacts } from "./scene/preflight/source-facts.ts";
export { nearest } from "./settings/nearest.ts";
export { parseSettings, readSettings, SETTING_NAMES } from "./settings/parse-settings.ts";
export { SETTING_HELP } from "./settings/setting-help.ts";
export { bar, count, formatBytes, formatDuration } from "./text/format.ts";
export { nameFiles } from "./text/list-names.ts";
export { tryParseJson } from "./text/parse-json.ts";
export { hideSecrets, redactText, redactValue } from "./text/redact.ts";
export { foreignLine, jsonLine, terminalLine, terminalText } from "./text/terminal-text.ts";
export { createFetchTransport } from "./web/fetch-transport.ts";
export { systemRuntime } from "./web/system-runtime.ts";
export { parseWebhookEvent, webhookKey } from "./webhooks/verify-webhook.ts";
export { describeRefusal } from "./webhooks/webhook-refusal.ts";

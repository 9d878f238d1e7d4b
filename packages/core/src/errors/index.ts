export { aboutJob, withJob } from "./about-job.ts";
export { AmbiguousOutcomeError } from "./ambiguous-outcome-error.ts";
export {
  ApiError,
  AuthenticationError,
  apiErrorFrom,
  InvalidRequestError,
  NotFoundError,
  RateLimitError,
  ServerError,
} from "./api-error.ts";
export { BlendFileError } from "./blend-file-error.ts";
export { ConfigError } from "./config-error.ts";
export { ConnectionError } from "./connection-error.ts";
export type { ErrorCode } from "./error-code.ts";
export { FileSystemError } from "./file-system-error.ts";
export { JobCanceledError, JobFailedError } from "./job-errors.ts";
export { ProxyError } from "./proxy-error.ts";
export { RenderjuiceError } from "./renderjuice-error.ts";
export { RunTakenOverError } from "./run-taken-over-error.ts";
export { SceneIncompleteError } from "./scene-incomplete-error.ts";
export { TimeoutError } from "./timeout-error.ts";
export { DownloadError, UploadError } from "./transfer-errors.ts";
export { UnexpectedResponseError } from "./unexpected-response-error.ts";
export { WebhookVerificationError } from "./webhook-verification-error.ts";

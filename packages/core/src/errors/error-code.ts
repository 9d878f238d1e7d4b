/**
 * All error codes. They are stable: scripts may rely on them.
 *
 * @internal
 */
const ERROR_CODES = [
  "missing_api_key",
  "invalid_api_key",
  "invalid_option",
  "preflight_failed",
  "authentication_failed",
  "payment_required",
  "permission_denied",
  "not_found",
  "conflict",
  "invalid_request",
  "rate_limited",
  "server_error",
  "request_refused",
  "connection_failed",
  "request_timeout",
  "deadline_exceeded",
  "unexpected_response",
  "outcome_unknown",
  "run_taken_over",
  "upload_expired",
  "upload_rejected",
  "source_changed",
  "source_unreadable",
  "blend_damaged",
  "blend_unsupported",
  "download_incomplete",
  "download_corrupt",
  "downloads_unavailable",
  "blender_not_found",
  "unsafe_path",
  "scene_incomplete",
  "file_system_error",
  "job_failed",
  "job_canceled",
  "missing_header",
  "timestamp_out_of_range",
  "signature_mismatch",
  "body_not_raw",
  "malformed_payload",
] as const;
/** Every code that an error can have. Codes are stable: scripts may rely on them. */
export type ErrorCode = (typeof ERROR_CODES)[number];

import { type ErrorCode, RenderjuiceError } from "@renderjuice/core";

export const EXIT = {
  ok: 0,
  /** Trying again changes nothing: the job is to fail, once. */
  permanent: 2,
  /** Trying again may help, also on another Worker: the task is to be requeued. From `sysexits.h`, EX_TEMPFAIL. */
  temporary: 75,
} as const;

/** Not retried by core, since the same process can do no more; a later attempt can. */
const WORTH_ANOTHER_ATTEMPT: ReadonlySet<ErrorCode> = new Set([
  "rate_limited",
  "server_error",
  "connection_failed",
  "request_timeout",
  "deadline_exceeded",
  "unexpected_response",
  "outcome_unknown",
  "upload_expired",
  "source_changed",
  "download_incomplete",
  "download_corrupt",
  "downloads_unavailable",
]);

export function exitCodeOf(error: unknown): number {
  if (RenderjuiceError.isInstance(error)) {
    const isTemporary = error.isRetryable || WORTH_ANOTHER_ATTEMPT.has(error.code);
    return isTemporary ? EXIT.temporary : EXIT.permanent;
  }
  return isSystemError(error) ? EXIT.temporary : EXIT.permanent;
}

/** A full disk, a share that is gone: another Worker may have better luck. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}

import { ConfigError, describeError } from "@renderjuice/core";
import type { ErrorDescription } from "@renderjuice/core/adapter";

/** What the render plugin does after each, and scripts after the `farm-` commands. */
export const EXIT = {
  ok: 0,
  /** Trying again does not help: the job fails, once. */
  permanent: 2,
  /**
   * Trying again may help, here or on another Worker: only the attempt fails, and the task is queued again. The same
   * goes for any other code, such as that of a crash. EX_TEMPFAIL of `sysexits.h`.
   */
  temporary: 75,
} as const;

/** Not retried by core, since the same process can do no more; a later attempt can. */
const WORTH_ANOTHER_ATTEMPT: ReadonlySet<ErrorDescription["code"]> = new Set([
  "rate_limited",
  "server_error",
  "connection_failed",
  "request_timeout",
  "deadline_exceeded",
  "unexpected_response",
  "outcome_unknown",
  "upload_expired",
  "source_changed",
  // Another Worker has another disk, and a share may come back.
  "file_system_error",
  "system_error",
  "download_incomplete",
  "download_corrupt",
  "downloads_unavailable",
]);

export function exitCodeOf(error: unknown): number {
  const { code, isRetryable } = describeError(error);
  return isRetryable || WORTH_ANOTHER_ATTEMPT.has(code) ? EXIT.temporary : EXIT.permanent;
}

/** The same for a task, which another Worker may take: something that only this Worker lacks does not fail the job. */
export function exitCodeOfTask(error: unknown): number {
  return isFaultOfWorker(error) ? EXIT.temporary : exitCodeOf(error);
}

/** No key, one that cannot be read, a share that is not mounted here. */
function isFaultOfWorker(error: unknown): boolean {
  if (ConfigError.isInstance(error) && KEY_FILES.has(error.option)) return true;
  return ["missing_api_key", "source_unreadable"].includes(describeError(error).code);
}

/** Options of `createNodeClient` with files that each machine has for itself. */
const KEY_FILES: ReadonlySet<string> = new Set(["apiKeyFile", "configFile"]);

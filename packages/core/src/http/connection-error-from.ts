import { ConnectionError, TimeoutError } from "../errors/index.ts";

/** The codes of undici and axios for a server that does not answer. */
const TIMEOUTS = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "ECONNABORTED"]);

export interface FailedRequest {
  readonly url: string;
  readonly timeoutMs: number;
  /** What was being done, such as `"create job"`. */
  readonly operation: string;
  readonly cause: unknown;
}

/**
 * The error for a request without a complete response, by the code from the HTTP library or the system.
 *
 * @example
 * const request = { url: "https://api.renderjuice.com", timeoutMs: 30_000, operation: "list jobs", cause: error };
 * connectionErrorFrom("ECONNREFUSED", request).code; // "connection_failed"
 */
export function connectionErrorFrom(
  systemCode: string,
  request: FailedRequest,
): ConnectionError | TimeoutError {
  const { url, timeoutMs, operation, cause } = request;
  if (TIMEOUTS.has(systemCode)) {
    return new TimeoutError({ code: "request_timeout", operation, timeoutMs, cause });
  }
  return new ConnectionError({ host: URL.canParse(url) ? new URL(url).host : "", systemCode, cause });
}

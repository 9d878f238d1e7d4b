import { ConnectionError, TimeoutError } from "./errors/index.ts";

/** Failures before the first byte of a request was sent. */
const NOT_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** As undici and axios name it when a server is silent. */
const TIMEOUTS = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "ECONNABORTED"]);

export interface FailedRequest {
  readonly url: string;
  readonly timeoutMs: number;
  /** What was being done, in words. */
  readonly operation: string;
  readonly cause: unknown;
}

/** The error for a request without a complete answer, by the code that the HTTP library or the system gave. */
export function connectionErrorFrom(
  systemCode: string,
  request: FailedRequest,
): ConnectionError | TimeoutError {
  const { url, timeoutMs, operation, cause } = request;
  if (TIMEOUTS.has(systemCode)) {
    return new TimeoutError({ code: "request_timeout", operation, timeoutMs, cause });
  }
  const isCertificate = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(systemCode);
  return new ConnectionError({
    host: new URL(url).host,
    systemCode,
    wasRequestSent: NOT_SENT.has(systemCode) || isCertificate ? "no" : "unknown",
    cause,
  });
}

import { ConnectionError, RenderjuiceError, TimeoutError } from "../errors/index.ts";

/** Failures before the first byte of a request was sent. */
const NOT_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** The user closed the client: nothing to try again. */
const CLOSED = new Set(["UND_ERR_DESTROYED", "UND_ERR_CLOSED"]);

/** Names for what undici and Node throw when no complete answer came. */
export function connectionFailure(
  error: unknown,
  url: string,
  timeoutMs: number,
  operation: string,
): unknown {
  if (RenderjuiceError.isInstance(error) || !(error instanceof Error)) return error;
  // A failed connection to several addresses holds the real reason inside.
  const inner = error instanceof AggregateError ? (error.errors[0] ?? error) : error;
  const systemCode = readCode(inner) ?? readCode(error.cause);
  if (systemCode === undefined) return error;
  if (CLOSED.has(systemCode)) return new DOMException("The client was closed.", "AbortError");
  if (systemCode === "UND_ERR_HEADERS_TIMEOUT" || systemCode === "UND_ERR_BODY_TIMEOUT") {
    return new TimeoutError({ code: "request_timeout", operation, timeoutMs, cause: error });
  }
  const isCertificate = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(systemCode);
  return new ConnectionError({
    host: new URL(url).host,
    systemCode,
    wasRequestSent: NOT_SENT.has(systemCode) || isCertificate ? "no" : "unknown",
    cause: error,
  });
}

function readCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

import { connectionErrorFrom } from "../connection-error-from.ts";
import { RenderjuiceError } from "../errors/index.ts";

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
  return connectionErrorFrom(systemCode, { url, timeoutMs, operation, cause: error });
}

function readCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

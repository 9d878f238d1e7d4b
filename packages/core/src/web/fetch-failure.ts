import { type ConnectionError, RenderjuiceError, type TimeoutError } from "../errors/index.ts";
import { connectionErrorFrom } from "../http/connection-error-from.ts";
import { findSystemCode } from "../http/find-system-code.ts";
import type { TransportRequest } from "../http/transport.ts";

/** Messages of Deno and Bun, which do not set a code, and the code that Node uses. */
const SAYINGS: readonly (readonly [RegExp, string])[] = [
  [/connection ?refused/i, "ECONNREFUSED"],
  [/dns error|FailedToResolve/i, "ENOTFOUND"],
  [/peer certificate/i, "CERT_UNTRUSTED"],
];

/** Browsers keep the reason to themselves, so that a page cannot explore the network. */
const UNKNOWN = "FETCH_FAILED";

/** Core's error for a `fetch` without a complete answer. */
export function fetchFailure(
  error: unknown,
  { url, timeoutMs }: TransportRequest,
  operation: string,
): ConnectionError | TimeoutError | RenderjuiceError {
  if (RenderjuiceError.isInstance(error)) return error;
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const said = [findSystemCode(error), String(cause)].join(" ");
  const [, code] = SAYINGS.find(([pattern]) => pattern.test(said)) ?? [];
  return connectionErrorFrom(code ?? findSystemCode(error) ?? UNKNOWN, { url, timeoutMs, operation, cause });
}

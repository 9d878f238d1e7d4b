/** How deep errors are wrapped: by `fetch`, by what tries several addresses, by a host. */
const MAX_DEPTH = 4;

/**
 * The code from the system or the HTTP library, such as `ECONNREFUSED`, however the error is wrapped.
 *
 * @example
 * findSystemCode(Object.assign(new Error("connect"), { code: "ECONNREFUSED" })); // "ECONNREFUSED"
 */
export function findSystemCode(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > MAX_DEPTH) return undefined;
  // A failed connection to several addresses holds the real reason inside.
  if (error instanceof AggregateError) return findSystemCode(error.errors[0] ?? error.cause, depth + 1);
  if ("code" in error && typeof error.code === "string") return error.code;
  return findSystemCode(error.cause, depth + 1);
}

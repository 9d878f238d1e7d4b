/** Longer than anyone waits, and still safe to calculate with. */
const MAX_RETRY_AFTER_MS = 365 * 24 * 3_600_000;

/**
 * Reads how long the server asks to wait, in milliseconds: `Retry-After` in seconds, or as an HTTP date, which is compared
 * with the `Date` of the response. Returns undefined if the header is absent or invalid. A date in the past means now.
 *
 * @param nowMs the local clock, for a response without a date
 */
export function readRetryAfterMs(
  headers: Readonly<Record<string, string>>,
  nowMs: number,
): number | undefined {
  const value = headers["retry-after"]?.trim();
  if (!value) return undefined;
  const waitMs = /^\d+(\.\d+)?$/.test(value)
    ? Math.ceil(Number(value) * 1000)
    : readHttpDate(value) - (readServerTimeMs(headers) ?? nowMs);
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(0, waitMs), MAX_RETRY_AFTER_MS);
}

/** The clock of the responding host; undefined if the response has no date. */
export function readServerTimeMs(headers: Readonly<Record<string, string>>): number | undefined {
  const dateMs = readHttpDate(headers.date ?? "");
  return Number.isNaN(dateMs) ? undefined : dateMs;
}

/** `Date.parse` alone would read "-5" as a year. */
function readHttpDate(value: string): number {
  return /^[A-Za-z]{3,9},? /.test(value) ? Date.parse(value) : Number.NaN;
}

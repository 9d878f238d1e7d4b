import type { ClientEventListener } from "../http/client-events.ts";
import { formatDuration } from "../text/format.ts";

/** The server tells all requests that run into the same limit to wait until about the same time. */
const SAME_PAUSE_MS = 1000;

/**
 * A client listener that reports rate limits in words. They pause the whole client, so each pause is reported once, however
 * many requests run into it.
 *
 * @param now any clock that never goes back, in milliseconds
 * @example
 * const client = createNodeClient({ onEvent: reportRateLimits(console.error, () => performance.now()) });
 */
export function reportRateLimits(say: (line: string) => void, now: () => number): ClientEventListener {
  let endsAtMs = Number.NEGATIVE_INFINITY;
  return (event) => {
    if (event.type !== "retry-scheduled" || !event.isRateLimit) return;
    const newEndMs = now() + event.delayMs;
    if (newEndMs < endsAtMs + SAME_PAUSE_MS) return;
    endsAtMs = newEndMs;
    say(`The API's rate limit was reached. Continuing in ${formatDuration(event.delayMs)}.`);
  };
}

import type { RetryPolicy } from "./policy.ts";

/**
 * Exponential back-off with full jitter: any time up to a bound that doubles with each attempt.
 *
 * @param attempt 1 after the first failure.
 */
export function backoffMs(attempt: number, policy: RetryPolicy, random: () => number): number {
  const bound = Math.min(policy.maxDelayMs, policy.initialDelayMs * 2 ** (attempt - 1));
  return Math.round(bound * random());
}

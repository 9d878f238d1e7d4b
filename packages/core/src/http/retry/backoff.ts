import type { RetryPolicy } from "./policy.ts";

/**
 * Exponential back-off: an upper bound that doubles with each attempt, minus a random part of it.
 *
 * @param attempt 1 after the first failure
 */
export function backoffMs(attempt: number, policy: RetryPolicy, random: () => number): number {
  const bound = Math.min(policy.maxDelayMs, policy.initialDelayMs * 2 ** (attempt - 1));
  return Math.round(bound * (1 - policy.jitter * (1 - random())));
}

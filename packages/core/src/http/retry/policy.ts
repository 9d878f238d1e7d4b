/** When failed requests are repeated, and for how long. */
export interface RetryPolicy {
  /** Attempts per request, including the first. Waiting for a rate limit does not count. @default 5 */
  readonly maxAttempts: number;
  /** Upper bound of the first back-off. @default 500 */
  readonly initialDelayMs: number;
  /** Upper bound of any back-off. @default 30000 */
  readonly maxDelayMs: number;
  /** The random part of a back-off, from 0 to 1: with 1 all of it is random. @default 1 */
  readonly jitter: number;
  /** If `Retry-After` is longer than this, the request fails with the server's error instead of waiting. @default 600000 */
  readonly maxRetryAfterMs: number;
  /** How long one request may wait for rate limits in total. @default 1800000 */
  readonly maxRateLimitWaitMs: number;
}

/** How requests are repeated unless you say otherwise. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  maxAttempts: 5,
  initialDelayMs: 500,
  maxDelayMs: 30_000,
  jitter: 1,
  maxRetryAfterMs: 10 * 60_000,
  maxRateLimitWaitMs: 30 * 60_000,
};

/** For files, which take long to start over. Outlasts an outage of two minutes even with the shortest random delays. */
export const TRANSFER_RETRY_POLICY: RetryPolicy = {
  ...DEFAULT_RETRY_POLICY,
  maxAttempts: 10,
  initialDelayMs: 1000,
  maxDelayMs: 60_000,
  jitter: 0.5,
};

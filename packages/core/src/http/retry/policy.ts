/** When and how long failed requests are repeated. */
export interface RetryPolicy {
  /** Attempts of one request, the first included. Waiting for a rate limit does not count. @default 5 */
  readonly maxAttempts: number;
  /** Upper bound of the first back-off. @default 500 */
  readonly initialDelayMs: number;
  /** Upper bound of any back-off. @default 30000 */
  readonly maxDelayMs: number;
  /** Which part of a back-off is left to chance: 1 for all of it. @default 1 */
  readonly jitter: number;
  /** A longer `Retry-After` ends the request with the server's answer instead of waiting. @default 600000 */
  readonly maxRetryAfterMs: number;
  /** Total time one request may spend waiting for rate limits. @default 1800000 */
  readonly maxRateLimitWaitMs: number;
}

export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  maxAttempts: 5,
  initialDelayMs: 500,
  maxDelayMs: 30_000,
  jitter: 1,
  maxRetryAfterMs: 10 * 60_000,
  maxRateLimitWaitMs: 30 * 60_000,
};

/** For files, which take long to begin again: outlasts an outage of two minutes, whatever chance says. */
export const TRANSFER_RETRY_POLICY: RetryPolicy = {
  ...DEFAULT_RETRY_POLICY,
  maxAttempts: 10,
  initialDelayMs: 1000,
  maxDelayMs: 60_000,
  jitter: 0.5,
};

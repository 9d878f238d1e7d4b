import { RateLimitError, RenderjuiceError } from "../../errors/index.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { backoffMs } from "./backoff.ts";
import type { RetryPolicy } from "./policy.ts";
import type { RateLimitBrake } from "./rate-limit-brake.ts";

/** Options of `withRetry`. */
export interface RetryOptions {
  readonly policy: RetryPolicy;
  readonly runtime: Runtime;
  /** Absent for hosts other than the API, which have their own limits. */
  readonly brake?: RateLimitBrake | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whether this failure may be retried. @default the error's `isRetryable` */
  readonly isRetryable?: ((error: RenderjuiceError) => boolean) | undefined;
  readonly onRetry?:
    | ((retry: { error: RenderjuiceError; attempt: number; delayMs: number }) => void)
    | undefined;
}

/**
 * Runs `attempt` until it succeeds, fails permanently, or the policy is exhausted; then rethrows the last error.
 * Anything that is not a `RenderjuiceError` is a bug or an abort and is rethrown immediately.
 *
 * @example
 * const options = { policy: DEFAULT_RETRY_POLICY, runtime: client.options.runtime };
 * const job = await withRetry(() => client.jobs.get(jobId), options);
 */
export async function withRetry<T>(
  attempt: (attempt: number) => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  const { policy, runtime, brake, signal } = options;
  let failures = 0;
  let rateLimitWaitMs = 0;
  for (;;) {
    signal?.throwIfAborted();
    await brake?.wait(signal);
    try {
      return await attempt(failures + 1);
    } catch (error) {
      signal?.throwIfAborted();
      if (!RenderjuiceError.isInstance(error) || !mayRetry(error, options)) throw error;
      const isRateLimit = RateLimitError.isInstance(error);
      if (!isRateLimit) failures += 1;
      const askedMs = error.retryAfterMs ?? backoffMs(Math.max(1, failures), policy, runtime.random);
      // A host that always answers "retry now" must not be called in a tight loop.
      const delayMs = isRateLimit ? Math.max(askedMs, policy.initialDelayMs) : askedMs;
      if (isRateLimit) rateLimitWaitMs += delayMs;
      if (failures >= policy.maxAttempts || rateLimitWaitMs > policy.maxRateLimitWaitMs) throw error;
      options.onRetry?.({ error, attempt: failures + 1, delayMs });
      if (isRateLimit) brake?.pause(delayMs);
      await runtime.sleep(delayMs, signal);
    }
  }
}

function mayRetry(error: RenderjuiceError, { policy, isRetryable }: RetryOptions): boolean {
  if ((error.retryAfterMs ?? 0) > policy.maxRetryAfterMs) return false;
  return isRetryable ? isRetryable(error) : error.isRetryable;
}

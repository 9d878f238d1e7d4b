import type { ClientEventListener } from "./client-events.ts";
import type { RetryPolicy } from "./retry/policy.ts";

/** Options for one call. They take precedence over those of the client. */
export interface CallOptions {
  /** Stops the call at any point: while sending, between attempts, or while polling. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without any data after which a request is abandoned. */
  readonly timeoutMs?: number | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
  readonly onEvent?: ClientEventListener | undefined;
}

import type { ClientEventListener } from "./client-events.ts";
import type { RetryPolicy } from "./retry/policy.ts";

/** Settings of one call; they win over those of the client. */
export interface CallOptions {
  /** Stops the call wherever it is: sending, waiting between attempts, polling. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds of silence after which one request is given up. */
  readonly timeoutMs?: number | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
  readonly onEvent?: ClientEventListener | undefined;
}

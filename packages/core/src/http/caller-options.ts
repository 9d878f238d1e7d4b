import type { Runtime } from "../runtime/runtime.ts";
import type { ClientEventListener } from "./client-events.ts";
import type { RetryPolicy } from "./retry/policy.ts";
import type { Transport } from "./transport.ts";

/** Where the API is. */
export const DEFAULT_BASE_URL = "https://api.renderjuice.com/api/external/v1";
export const DEFAULT_TIMEOUT_MS = 60_000;

export interface CallerOptions {
  /** `RJ-…`, from the Renderjuice dashboard, or a function that returns it. Only sent to the origin of `baseUrl`. */
  readonly apiKey: string | (() => string | Promise<string>);
  readonly transport: Transport;
  readonly runtime: Runtime;
  /** @default "https://api.renderjuice.com/api/external/v1" */
  readonly baseUrl?: string | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
  /** Milliseconds without any data after which a request is abandoned. @default 60000 */
  readonly timeoutMs?: number | undefined;
  readonly userAgent?: string | undefined;
  /** For logs and metrics. Errors that it throws are ignored. */
  readonly onEvent?: ClientEventListener | undefined;
}

/**
 * The options that a client exposes: all but the key.
 *
 * @internal
 */
export type CallerSettings = Omit<CallerOptions, "apiKey">;

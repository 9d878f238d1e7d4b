import type { Runtime } from "../runtime/runtime.ts";
import type { ClientEventListener } from "./client-events.ts";
import type { RetryPolicy } from "./retry/policy.ts";
import type { Transport } from "./transport.ts";

export const DEFAULT_BASE_URL = "https://api.renderjuice.com/api/external/v1";
export const DEFAULT_TIMEOUT_MS = 60_000;

export interface CallerOptions {
  /** `RJ-…`, from the Renderjuice dashboard; or a function that fetches it. Sent to the origin of `baseUrl` only. */
  readonly apiKey: string | (() => string | Promise<string>);
  readonly transport: Transport;
  readonly runtime: Runtime;
  /** @default "https://api.renderjuice.com/api/external/v1" */
  readonly baseUrl?: string | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
  /** Milliseconds of silence after which one request is given up. @default 60000 */
  readonly timeoutMs?: number | undefined;
  readonly userAgent?: string | undefined;
  /** For logs and metrics; what it throws is ignored. */
  readonly onEvent?: ClientEventListener | undefined;
}

/** What a client shows of its options. */
export type CallerSettings = Omit<CallerOptions, "apiKey">;

import type { CallerOptions } from "./http/caller-options.ts";
import type { Transport } from "./http/transport.ts";
import type { PollPolicy } from "./lifecycle/poll-policy.ts";
import type { Runtime } from "./runtime/runtime.ts";

/** What `buildClient` needs. */
export interface BuildOptions extends CallerOptions {
  readonly poll?: Partial<PollPolicy> | undefined;
}

/** What `createClient` takes. */
export interface ClientOptions extends Omit<BuildOptions, "transport" | "runtime"> {
  /** @default `fetch` */
  readonly transport?: Transport | undefined;
  /** @default timers and clocks of the web platform */
  readonly runtime?: Runtime | undefined;
}

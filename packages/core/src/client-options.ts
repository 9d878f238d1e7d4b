import type { CallerOptions } from "./http/caller-options.ts";
import type { PollPolicy } from "./lifecycle/poll-policy.ts";

export interface ClientOptions extends CallerOptions {
  readonly poll?: Partial<PollPolicy> | undefined;
}

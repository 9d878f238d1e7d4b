import { setTimeout as delay } from "node:timers/promises";
import type { Runtime } from "../runtime/runtime.ts";

/** Longest time a Node timer takes; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export const nodeRuntime: Runtime = {
  now: Date.now,
  monotonicMs: () => performance.now(),
  random: Math.random,
  async sleep(ms, signal) {
    for (let restMs = ms; restMs > 0; restMs -= MAX_TIMER_MS) {
      await delay(Math.min(restMs, MAX_TIMER_MS), undefined, signal && { signal }).catch((error) => {
        throw signal?.aborted ? signal.reason : error;
      });
    }
    signal?.throwIfAborted();
  },
};

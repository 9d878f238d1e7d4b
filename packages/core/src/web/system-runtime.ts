import type { Runtime } from "../runtime/runtime.ts";

/** The longest time a timer takes; with a longer one it would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The clock and timers that every runtime has, from browsers to Node. */
export const systemRuntime: Runtime = {
  now: Date.now,
  monotonicMs: () => performance.now(),
  random: Math.random,
  async sleep(ms, signal) {
    signal?.throwIfAborted();
    for (let restMs = ms; restMs > 0; restMs -= MAX_TIMER_MS) {
      await startTimer(Math.min(restMs, MAX_TIMER_MS), signal);
    }
  },
};

function startTimer(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

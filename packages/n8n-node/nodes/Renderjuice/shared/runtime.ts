import type { Runtime } from "@renderjuice/core/adapter";
import { sleep } from "n8n-workflow";

/** n8n's timers cannot be stopped, so each is kept short. */
const LONGEST_SLEEP_MS = 1000;

export const n8nRuntime: Runtime = {
  now: Date.now,
  monotonicMs: () => performance.now(),
  random: Math.random,
  async sleep(ms, signal) {
    const aborted = rejectOnAbort(signal);
    for (let restMs = ms; restMs > 0; restMs -= LONGEST_SLEEP_MS) {
      await Promise.race([sleep(Math.min(restMs, LONGEST_SLEEP_MS)), aborted.promise]);
    }
    aborted.stop();
    signal?.throwIfAborted();
  },
};

function rejectOnAbort(signal: AbortSignal | undefined) {
  let stop = () => {};
  const promise = new Promise<never>((_resolve, reject) => {
    if (!signal) return;
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    stop = () => signal.removeEventListener("abort", onAbort);
  });
  promise.catch(() => undefined);
  return { promise, stop };
}

import type { Runtime } from "../src/runtime.ts";

export interface ManualRuntime extends Runtime {
  /** Every pause that was asked for, in milliseconds. */
  readonly slept: readonly number[];
}

/** A runtime for tests whose clock moves only by sleeping, and sleeping takes no time. */
export function createManualRuntime({ onSleep }: { onSleep?: (ms: number) => void } = {}): ManualRuntime {
  let nowMs = Date.parse("2026-01-01T00:00:00Z");
  const slept: number[] = [];
  return {
    slept,
    now: () => nowMs,
    random: () => 0.5,
    async sleep(ms, signal) {
      slept.push(ms);
      onSleep?.(ms);
      signal?.throwIfAborted();
      nowMs += ms;
      // Lets what waits for the network go on.
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    },
  };
}

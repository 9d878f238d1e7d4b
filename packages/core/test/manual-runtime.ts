import type { Runtime } from "../src/runtime/runtime.ts";

export interface ManualRuntime extends Runtime {
  /** Somebody sets the clock: what it shows jumps, and no time passes. */
  setClock(nowMs: number): void;
  /** Every pause that was asked for, in milliseconds. */
  readonly slept: readonly number[];
}

/** A runtime for tests whose clock moves only by sleeping, and sleeping takes no time. */
export function createManualRuntime({ onSleep }: { onSleep?: (ms: number) => void } = {}): ManualRuntime {
  let elapsedMs = 0;
  let clockMs = Date.parse("2026-01-01T00:00:00Z");
  const slept: number[] = [];
  return {
    slept,
    now: () => clockMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    setClock(nowMs) {
      clockMs = nowMs - elapsedMs;
    },
    random: () => 0.5,
    async sleep(ms, signal) {
      slept.push(ms);
      onSleep?.(ms);
      signal?.throwIfAborted();
      elapsedMs += ms;
      // Lets what waits for the network go on.
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    },
  };
}

import { setTimeout as delay } from "node:timers/promises";

/** The sandbox's clock; tests bring their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: Date.now,
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal && { signal }).catch((error) => {
      throw signal?.aborted ? signal.reason : error;
    });
  },
};

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /** Moves the time forward and wakes up everything that slept until then. */
  advance(ms: number): void;
}

/**
 * A clock that only moves when it is advanced.
 *
 * @example
 * const clock = createManualClock();
 * const sandbox = await createSandbox({ renderer: "simulated", clock });
 * clock.advance(3_600_000); // signed URLs have expired now
 */
export function createManualClock(startMs = Date.parse("2026-01-01T00:00:00Z")): ManualClock {
  let nowMs = startMs;
  const sleepers = new Set<{ wakeAtMs: number; wake: () => void }>();
  return {
    now: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { wakeAtMs: nowMs + ms, wake: resolve };
        if (ms <= 0) return resolve();
        if (signal?.aborted) return reject(signal.reason);
        sleepers.add(sleeper);
        signal?.addEventListener("abort", () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
      }),
    advance(ms) {
      nowMs += ms;
      for (const sleeper of sleepers) {
        if (sleeper.wakeAtMs > nowMs) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
    },
  };
}

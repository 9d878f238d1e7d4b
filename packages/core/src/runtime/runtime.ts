/** What core needs from the machine it runs on. */
export interface Runtime {
  /** Milliseconds since 1970, for dates from the outside world. May jump when the clock is set. */
  now(): number;
  /** Milliseconds since an arbitrary moment, for measuring durations. Never goes back. */
  monotonicMs(): number;
  /** From 0 (inclusive) to 1 (exclusive). */
  random(): number;
  /** Resolves after `ms`. Rejects with the signal's reason as soon as it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** What core needs from the machine it runs on. */
export interface Runtime {
  /** Milliseconds since 1970, for dates of the outside world. May jump: somebody sets the clock. */
  now(): number;
  /** Milliseconds since any moment, for how long something takes. Never goes back. */
  monotonicMs(): number;
  /** From 0 up to, not including, 1. */
  random(): number;
  /** Resolves after `ms`; rejects with the signal's reason as soon as it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Why the step ends before its renders do. */
export type StopReason = "canceled" | "timed-out";

/** What a stopped step rejects with. */
export class Stopped extends Error {
  override readonly name = "Stopped";
  readonly reason: StopReason;

  constructor(reason: StopReason) {
    super(reason === "canceled" ? "The workflow was canceled." : "The time of timeout-minutes is over.");
    this.reason = reason;
  }
}

export interface Stop {
  /** Aborted with a `Stopped`. */
  readonly signal: AbortSignal;
  /** Also stops when so many milliseconds are over. */
  limit(timeoutMs: number): void;
}

/**
 * Listens to the runner: on a cancel it sends SIGINT, after 7.5 s SIGTERM, and kills after 10 s. The first signal stops
 * the step; the others change nothing, so that the renders can be canceled in peace.
 */
export function listenForStop(): Stop {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => controller.abort(new Stopped("canceled")));
  }
  return {
    signal: controller.signal,
    limit: (timeoutMs) => {
      // A longer pause than Node's timers can hold would end at once; no job on GitHub runs for 24 days.
      const longestMs = 2 ** 31 - 1;
      setTimeout(() => controller.abort(new Stopped("timed-out")), Math.min(timeoutMs, longestMs)).unref();
    },
  };
}

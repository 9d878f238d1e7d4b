/** Why the step ends before its renders do. */
export type StopReason = "canceled" | "timed-out";

/** The error of a stopped step. */
export class Stopped extends Error {
  override readonly name = "Stopped";
  readonly reason: StopReason;

  constructor(reason: StopReason) {
    super(
      reason === "canceled" ? "The workflow was canceled." : "The time limit of timeout-minutes was reached.",
    );
    this.reason = reason;
  }
}

export interface Stop {
  /** Its reason is a `Stopped`. */
  readonly signal: AbortSignal;
  /** Also stops after this time. */
  limit(timeoutMs: number): void;
}

/**
 * Listens for the runner, which cancels with SIGINT, sends SIGTERM after 7.5 s and kills after 10 s. The first signal stops
 * the step. The others are ignored, so that the step can finish canceling its renders.
 */
export function listenForStop(): Stop {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => controller.abort(new Stopped("canceled")));
  }
  return {
    signal: controller.signal,
    limit: (timeoutMs) => {
      // Node's timers would fire immediately if the time were longer. No job on GitHub runs for 24 days.
      const longestMs = 2 ** 31 - 1;
      setTimeout(() => controller.abort(new Stopped("timed-out")), Math.min(timeoutMs, longestMs)).unref();
    },
  };
}

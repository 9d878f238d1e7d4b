import { TimeoutError } from "../errors/index.ts";
import type { Runtime } from "./runtime.ts";

export interface Deadline {
  /** Aborted with a `TimeoutError` at the deadline, or with the caller's reason. */
  readonly signal: AbortSignal | undefined;
  readonly stop: () => void;
}

export interface DeadlineOptions {
  readonly runtime: Runtime;
  readonly operation: string;
  readonly deadlineMs: number | undefined;
  readonly signal: AbortSignal | undefined;
  readonly hint: () => string;
}

/** Limits a whole operation, including its waits. */
export function startDeadline({ runtime, operation, deadlineMs, signal, hint }: DeadlineOptions): Deadline {
  if (deadlineMs === undefined) return { signal, stop: () => {} };
  const expired = new AbortController();
  const stopped = new AbortController();
  runtime.sleep(deadlineMs, stopped.signal).then(
    () =>
      expired.abort(
        new TimeoutError({ code: "deadline_exceeded", operation, timeoutMs: deadlineMs, hint: hint() }),
      ),
    () => undefined,
  );
  return {
    signal: signal ? AbortSignal.any([signal, expired.signal]) : expired.signal,
    stop: () => stopped.abort(),
  };
}

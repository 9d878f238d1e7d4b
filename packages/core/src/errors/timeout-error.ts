import type { Job } from "../contract/index.ts";
import { redactText } from "../text/redact.ts";
import { RenderjuiceError } from "./renderjuice-error.ts";

/**
 * `request_timeout`: one request got no response in time. `deadline_exceeded`: the time limit for the whole operation was reached.
 *
 * @example
 * if (TimeoutError.isInstance(error) && error.code === "deadline_exceeded") console.log("Still running:", error.jobId);
 */
export class TimeoutError extends RenderjuiceError {
  readonly timeoutMs: number;
  readonly operation: string;

  constructor(options: {
    code: "request_timeout" | "deadline_exceeded";
    operation: string;
    timeoutMs: number;
    hint?: string | undefined;
    jobId?: string | undefined;
    job?: Job | undefined;
    cause?: unknown;
  }) {
    const { code, operation, timeoutMs, jobId, job, cause } = options;
    const seconds = Math.round(timeoutMs / 100) / 10;
    super({
      code,
      message:
        code === "request_timeout"
          ? `No complete response within ${seconds} s (${operation}).`
          : `The time limit of ${seconds} s was reached (${operation}).`,
      hint: options.hint ?? "Check the network, then try again.",
      isRetryable: code === "request_timeout",
      jobId,
      job,
      cause,
    });
    this.timeoutMs = timeoutMs;
    this.operation = redactText(operation);
  }
}

import { type ErrorCode, RenderjuiceError } from "@renderjuice/core";
import { redactText } from "@renderjuice/core/adapter";
import type { StateChange } from "./describe-event.ts";
import type { JobState } from "./job-state.ts";

type Failure = Pick<RenderjuiceError, "code" | "message" | "hint" | "isRetryable">;

/** @returns undefined for a bug: anything but our own errors and those of the file system */
export function failureOf(error: unknown): Failure | undefined {
  if (RenderjuiceError.isInstance(error)) return error;
  if (!(error instanceof Error && "syscall" in error)) return undefined;
  return {
    code: "source_unreadable",
    message: redactText(error.message),
    hint: "Check that the file still exists, that you can read and write there, and that the disk is not full.",
    isRetryable: false,
  };
}

/** The farm may have carried out the request, whatever it answered. */
const IN_DOUBT: ReadonlySet<ErrorCode> = new Set([
  "unexpected_response",
  "outcome_unknown",
  "deadline_exceeded",
]);

/** What an error means for a job. A job that may have to be paid for is only given up if the farm has given it up. */
export function describeFailure(
  { code, message, hint, isRetryable }: Failure,
  { phase, renderJobId }: JobState,
): StateChange {
  if (code === "job_canceled") return { phase: "canceled", message };
  const isPaidFor = phase === "rendering" || phase === "downloading";
  const mayBePaidFor = isPaidFor || (renderJobId !== undefined && (isRetryable || IN_DOUBT.has(code)));
  if (code === "job_failed" || !mayBePaidFor) return { phase: "failed", message, hint };
  return {
    phase: "stopped",
    message: `${message} The render on the farm is not lost.`,
    hint: `${hint ?? ""} Continue with renderjuice_maya.attach().`.trim(),
  };
}

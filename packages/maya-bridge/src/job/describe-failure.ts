import type { RenderjuiceError } from "@renderjuice/core";
import type { StateChange } from "./describe-event.ts";
import type { JobState } from "./job-state.ts";

/** What an error makes of a job. One that may be paid for is given up only when the farm has given it up. */
export function describeFailure(
  { code, message, hint, isRetryable }: Pick<RenderjuiceError, "code" | "message" | "hint" | "isRetryable">,
  { phase, renderJobId }: JobState,
): StateChange {
  if (code === "job_canceled") return { phase: "canceled", message };
  const isPaidFor = phase === "rendering" || phase === "downloading";
  const mayBePaidFor = isPaidFor || (isRetryable && renderJobId !== undefined);
  if (code === "job_failed" || !mayBePaidFor) return { phase: "failed", message, ...(hint && { hint }) };
  return {
    phase: "stopped",
    message: `${message} What the farm renders is not lost.`,
    hint: `${hint ?? ""} Go on with renderjuice_maya.attach().`.trim(),
  };
}

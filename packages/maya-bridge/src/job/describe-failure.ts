import { mayBeRendering, type JobState as RunState } from "@renderjuice/core";
import { type ErrorDescription, isRenderOver, wasStartRefused } from "@renderjuice/core/adapter";
import { describeError, isBug } from "../describe-error.ts";
import type { StateChange } from "./describe-event.ts";

/** The farm has given the job up, or it was never started because files are missing. */
const ENDS: ReadonlySet<ErrorDescription["code"]> = new Set(["job_failed", "scene_incomplete"]);

/** The farm may have carried out the request, whatever it answered. */
const IN_DOUBT: ReadonlySet<ErrorDescription["code"]> = new Set([
  "unexpected_response",
  "outcome_unknown",
  "deadline_exceeded",
]);

/**
 * What an error means for a job that had come this far. A job that may have to be paid for is only given up if the farm
 * has given it up.
 *
 * @returns undefined for a bug
 */
export function describeFailure(error: unknown, run: RunState): StateChange | undefined {
  const described = describeError(error);
  const { code, message, hint, isRetryable } = described;
  if (isBug(described)) return undefined;
  if (code === "job_canceled") return { phase: "canceled", message };
  const isInDoubt = run.jobId !== undefined && (isRetryable || IN_DOUBT.has(code));
  const mayBePaidFor = isRenderOver(run) || (mayBeRendering(run) && !wasStartRefused(error)) || isInDoubt;
  if (ENDS.has(code) || !mayBePaidFor) return { phase: "failed", message, hint };
  return {
    phase: "stopped",
    message: `${message} The render on the farm is not lost.`,
    hint: `${hint ?? ""} Continue with renderjuice_maya.attach().`.trim(),
  };
}

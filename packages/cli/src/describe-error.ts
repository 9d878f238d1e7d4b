import { ConfigError, describeError as describe, PreflightError, TimeoutError } from "@renderjuice/core";
import type { ErrorDescription, ErrorHints } from "@renderjuice/core/adapter";
import { fixOf } from "./describe-issues.ts";

const HINTS: ErrorHints = {
  missing_api_key: ({ hint }) =>
    `${hint} No account yet? "renderjuice sandbox" starts a server on this machine and gives you a key for it.`,
  invalid_option: (error) =>
    ConfigError.isInstance(error) && error.option === "job" && error.hint?.startsWith("A job id looks like")
      ? `${error.hint} "renderjuice list" lists your jobs.`
      : error.hint,
  authentication_failed: ({ hint }) => `${hint} "renderjuice doctor" shows where the key comes from.`,
  outcome_unknown: ({ hint, jobId }) =>
    jobId === undefined ? `${hint} "renderjuice list" lists your jobs.` : hint,
  preflight_failed: (error) => {
    if (!PreflightError.isInstance(error)) return error.hint;
    const errors = error.issues.filter(({ severity }) => severity === "error");
    return errors.map(fixOf).join(" ");
  },
  // The command that renders without the files is printed below.
  scene_incomplete:
    "Pack the files into the .blend (File > External Data > Pack Resources), or submit the folder or .zip that contains them.",
  deadline_exceeded: (error) => {
    if (error.jobId === undefined) return "No render was started and nothing is billed.";
    // Otherwise the state of the job and the commands to continue are printed below.
    return TimeoutError.isInstance(error) && error.operation.startsWith("cancel") ? error.hint : undefined;
  },
  unexpected_error: "This is a bug in renderjuice. Please report it, with the following:",
};

/** An error in words, with hints that name commands of this program. */
export function describeError(error: unknown): ErrorDescription {
  return describe(error, { hints: HINTS });
}

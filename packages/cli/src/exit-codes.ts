import type { ErrorDescription } from "@renderjuice/core/adapter";
import { describeError } from "./describe-error.ts";

export const EXIT = {
  ok: 0,
  bug: 1,
  usage: 2,
  preflight: 3,
  refused: 4,
  authentication: 5,
  jobFailed: 6,
  jobCanceled: 7,
  timedOut: 8,
  framesMissing: 10,
  interrupted: 130,
} as const;

/** For `--help`, and for the table of the site. */
export const EXIT_CODE_HELP = `Exit codes:
    0  done
    1  a bug in this program
    2  invalid arguments or settings, or a file that cannot be read or written
    3  preflight found errors and nothing was uploaded; or files are missing and nothing was rendered (--require-complete)
    4  the API or the storage refused a request, or cannot be reached
    5  the API key is missing, invalid, or not allowed to do this
    6  the job failed
    7  the job was canceled
    8  the time limit was reached and the job keeps running; or it is not certain that a cancel worked
   10  the job is complete, but frames are missing
  130  interrupted`;

const BY_CODE: Partial<Record<ErrorDescription["code"], number>> = {
  missing_api_key: EXIT.authentication,
  invalid_api_key: EXIT.authentication,
  authentication_failed: EXIT.authentication,
  // The key itself is valid.
  payment_required: EXIT.refused,
  permission_denied: EXIT.authentication,
  invalid_option: EXIT.usage,
  source_unreadable: EXIT.usage,
  blend_damaged: EXIT.usage,
  blend_unsupported: EXIT.usage,
  file_system_error: EXIT.usage,
  system_error: EXIT.usage,
  preflight_failed: EXIT.preflight,
  scene_incomplete: EXIT.preflight,
  job_failed: EXIT.jobFailed,
  job_canceled: EXIT.jobCanceled,
  deadline_exceeded: EXIT.timedOut,
  unexpected_error: EXIT.bug,
};

export function exitCodeOf(error: unknown): number {
  return exitCodeFor(describeError(error).code);
}

/** @param code of the description of an error */
export function exitCodeFor(code: ErrorDescription["code"]): number {
  return BY_CODE[code] ?? EXIT.refused;
}

/** From harmless to serious: what another run may fix comes before what needs work. */
const BY_WEIGHT: readonly number[] = [
  EXIT.ok,
  EXIT.timedOut,
  EXIT.framesMissing,
  EXIT.refused,
  EXIT.jobCanceled,
  EXIT.jobFailed,
  EXIT.preflight,
  EXIT.usage,
  EXIT.authentication,
  EXIT.bug,
  EXIT.interrupted,
];

/** The exit code of a command that does several things. */
export function worstExitCode(codes: readonly number[]): number {
  return codes.reduce(
    (worst, code) => (BY_WEIGHT.indexOf(code) > BY_WEIGHT.indexOf(worst) ? code : worst),
    0,
  );
}

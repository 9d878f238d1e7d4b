import { type ErrorCode, RenderjuiceError } from "@renderjuice/core";

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
    2  invalid arguments or settings
    3  preflight found errors and nothing was uploaded; or files are missing and nothing was rendered (--require-complete)
    4  the API or storage refused, or cannot be reached
    5  the API key is missing, wrong or not allowed to do this
    6  the job failed
    7  the job was canceled
    8  the time limit was reached and the job keeps running; or it is not known whether a cancel worked
   10  the job is complete, but frames are missing
  130  interrupted`;

const BY_CODE: Partial<Record<ErrorCode, number>> = {
  missing_api_key: EXIT.authentication,
  invalid_api_key: EXIT.authentication,
  authentication_failed: EXIT.authentication,
  // The key is right.
  payment_required: EXIT.refused,
  permission_denied: EXIT.authentication,
  invalid_option: EXIT.usage,
  source_unreadable: EXIT.usage,
  file_system_error: EXIT.usage,
  preflight_failed: EXIT.preflight,
  scene_incomplete: EXIT.preflight,
  job_failed: EXIT.jobFailed,
  job_canceled: EXIT.jobCanceled,
  deadline_exceeded: EXIT.timedOut,
};

export function exitCodeOf(error: unknown): number {
  return RenderjuiceError.isInstance(error) ? exitCodeFor(error.code) : EXIT.bug;
}

export function exitCodeFor(code: ErrorCode): number {
  return BY_CODE[code] ?? EXIT.refused;
}

/** From harmless to grave: what needs only another run comes before what needs other work. */
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

/** The exit code of a command that did several things. */
export function worstExitCode(codes: readonly number[]): number {
  return codes.reduce(
    (worst, code) => (BY_WEIGHT.indexOf(code) > BY_WEIGHT.indexOf(worst) ? code : worst),
    0,
  );
}

import { type ErrorCode, RenderjuiceError } from "@renderjuice/core";

const CODES = {
  /** Nobody listens. Nothing was sent. */
  unreachable: "connection_failed",
  /** Somebody listens, and takes no more calls before those that wait are answered. Nothing was sent. */
  busy: "connection_failed",
  /** The call was sent; no answer came in time. It may still be executed. */
  silent: "request_timeout",
  /** The call was sent; Maya went away before it had answered. It may have been executed. */
  lost: "outcome_unknown",
  /** The token is not that of this Maya. */
  refused: "authentication_failed",
  /** What answers is not our side of the port. */
  garbled: "unexpected_response",
  /** Maya has understood and could not do it. */
  failed: "request_refused",
} as const satisfies Record<string, ErrorCode>;

export type MayaFailure = keyof typeof CODES;

const NEVER_SENT: ReadonlySet<MayaFailure> = new Set(["unreachable", "busy"]);

/** A call to Maya that came to nothing. */
export class MayaError extends RenderjuiceError {
  readonly failure: MayaFailure;

  constructor(options: {
    failure: MayaFailure;
    message: string;
    hint?: string | undefined;
    cause?: unknown;
  }) {
    // Only what was never sent may be sent again.
    super({ ...options, code: CODES[options.failure], isRetryable: NEVER_SENT.has(options.failure) });
    this.failure = options.failure;
  }
}

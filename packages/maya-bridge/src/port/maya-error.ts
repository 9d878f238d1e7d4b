import { type ErrorCode, RenderjuiceError } from "@renderjuice/core";

const CODES = {
  /** Nobody is listening. Nothing was sent. */
  unreachable: "connection_failed",
  /** Somebody is listening, but is not accepting more calls until the waiting ones are answered. Nothing was sent. */
  busy: "connection_failed",
  /** The call was sent, but no answer came in time. It may still be executed. */
  silent: "request_timeout",
  /** The call was sent, but Maya hung up before it answered. It may have been executed. */
  lost: "outcome_unknown",
  /** The token does not belong to this Maya. */
  refused: "authentication_failed",
  /** Something else answers on the port. */
  garbled: "unexpected_response",
  /** Maya understood the call and could not carry it out. */
  failed: "request_refused",
} as const satisfies Record<string, ErrorCode>;

export type MayaFailure = keyof typeof CODES;

const NEVER_SENT: ReadonlySet<MayaFailure> = new Set(["unreachable", "busy"]);

/** A call to Maya that failed. */
export class MayaError extends RenderjuiceError {
  readonly failure: MayaFailure;

  constructor(options: {
    failure: MayaFailure;
    message: string;
    hint?: string | undefined;
    cause?: unknown;
  }) {
    // Only a call that was never sent may be sent again.
    super({ ...options, code: CODES[options.failure], isRetryable: NEVER_SENT.has(options.failure) });
    this.failure = options.failure;
  }
}

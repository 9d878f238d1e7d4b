import { redactExcerpt } from "../text/redact.ts";
import { type ConnectionProblem, readConnectionProblem } from "./connection-problem.ts";
import { RenderjuiceError } from "./renderjuice-error.ts";

const MAX_DETAIL_CHARACTERS = 200;

export interface ConnectionErrorOptions {
  readonly host: string;
  readonly systemCode: string;
  readonly cause?: unknown;
  /** @default looked up by `systemCode` */
  readonly problem?: ConnectionProblem | undefined;
}

/**
 * There was no complete response: no network, no such host, a lost connection, or a response that is not HTTP.
 *
 * @example
 * if (ConnectionError.isInstance(error)) console.error(error.host, error.systemCode); // ECONNREFUSED
 */
export class ConnectionError extends RenderjuiceError {
  readonly host: string;
  /** Such as `ECONNREFUSED`. */
  readonly systemCode: string;
  /** `"no"` if the request certainly never reached the server. */
  readonly wasRequestSent: "no" | "unknown";

  constructor({ host, systemCode, cause, problem }: ConnectionErrorOptions) {
    const { says, hint, isRetryable, wasRequestSent } = problem ?? readConnectionProblem(systemCode, host);
    super({
      code: "connection_failed",
      message: `${says} (${systemCode}${detail(systemCode, cause)}).`,
      hint,
      isRetryable,
      cause,
    });
    this.host = host;
    this.systemCode = systemCode;
    this.wasRequestSent = wasRequestSent;
  }
}

/** What the library said, if that is more than its code. */
function detail(systemCode: string, cause: unknown): string {
  if (!(cause instanceof Error) || cause.message === "" || cause.message.includes(systemCode)) return "";
  return `: ${redactExcerpt(cause.message, MAX_DETAIL_CHARACTERS).replace(/\.$/, "")}`;
}

import { redactExcerpt, redactUrl } from "../text/redact.ts";
import { RenderjuiceError } from "./renderjuice-error.ts";

const MAX_BODY_CHARACTERS = 2000;

const MAX_REASON_CHARACTERS = 200;

/** The server reported success, but the response body does not match the contract. */
export class UnexpectedResponseError extends RenderjuiceError {
  readonly status: number;
  readonly url: string;
  /** Redacted and shortened. */
  readonly body: string;

  constructor(options: {
    operation: string;
    method: string;
    url: string;
    status: number;
    body: string;
    /** Completes "The response …". @default "could not be understood" */
    problem?: string | undefined;
    cause?: unknown;
    secrets?: readonly string[] | undefined;
  }) {
    const { operation, method, status, body, cause, secrets } = options;
    const { problem = `could not be understood${explain(cause)}` } = options;
    const url = redactUrl(options.url);
    super({
      code: "unexpected_response",
      message: `The response to "${operation}" (${method} ${url}, ${status}) ${problem}.`,
      hint: "Check the API URL. If it is right, the API may have changed: look for a newer version of this tool.",
      cause,
      secrets,
    });
    this.status = status;
    this.url = url;
    this.body = redactExcerpt(body, MAX_BODY_CHARACTERS, secrets);
  }
}

/** Not for schema errors, which take many lines. */
function explain(cause: unknown): string {
  if (!(cause instanceof SyntaxError || cause instanceof TypeError)) return "";
  return `: ${redactExcerpt(cause.message, MAX_REASON_CHARACTERS).replace(/\.$/, "")}`;
}

import { redactExcerpt, redactUrl } from "../redact.ts";
import { RenderjuiceError } from "./renderjuice-error.ts";

const MAX_BODY_CHARACTERS = 2000;

/** The server said yes but with a body that is not what the contract says. */
export class UnexpectedResponseError extends RenderjuiceError {
  readonly status: number;
  readonly url: string;
  /** Redacted and cut. */
  readonly body: string;

  constructor(options: {
    operation: string;
    method: string;
    url: string;
    status: number;
    body: string;
    /** Completes "The answer …". @default "cannot be understood" */
    problem?: string;
    cause?: unknown;
    secrets?: readonly string[];
  }) {
    const { operation, method, status, body, problem = "cannot be understood", cause, secrets } = options;
    const url = redactUrl(options.url);
    super({
      code: "unexpected_response",
      message: `The answer to "${operation}" (${method} ${url}, ${status}) ${problem}.`,
      hint: "Is the API URL right? If it is, the API may have changed: look for a newer version of this tool.",
      cause,
      ...(secrets && { secrets }),
    });
    this.status = status;
    this.url = url;
    this.body = redactExcerpt(body, MAX_BODY_CHARACTERS, secrets);
  }
}

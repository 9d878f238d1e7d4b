import { redactText, redactUrl } from "../redact.ts";
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
    cause?: unknown;
    secrets?: readonly string[];
  }) {
    const url = redactUrl(options.url);
    super({
      code: "unexpected_response",
      message: `The answer to "${options.operation}" (${options.method} ${url}, ${options.status}) cannot be understood.`,
      hint: "Is the API URL right? If it is, the API may have changed: look for a newer version of this tool.",
      cause: options.cause,
      ...(options.secrets && { secrets: options.secrets }),
    });
    this.status = options.status;
    this.url = url;
    this.body = redactText(options.body, options.secrets).slice(0, MAX_BODY_CHARACTERS);
  }
}

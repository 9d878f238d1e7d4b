import { type ErrorCode, RenderjuiceError } from "@renderjuice/core";

/** Deadline's Web Service refused a request, cannot be reached, or is something else. */
export class WebServiceError extends RenderjuiceError {
  constructor(options: {
    code: ErrorCode;
    message: string;
    hint: string;
    isRetryable?: boolean | undefined;
    cause?: unknown;
    secrets?: readonly string[] | undefined;
  }) {
    super(options);
  }
}

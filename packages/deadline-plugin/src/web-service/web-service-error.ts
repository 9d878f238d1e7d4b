import { type ErrorCode, RenderjuiceError } from "@renderjuice/core";

/** Deadline's Web Service refused, cannot be reached, or is none. */
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

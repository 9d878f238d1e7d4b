import { RenderjuiceError } from "./renderjuice-error.ts";

/** A delivery that must not be trusted. The code says which check failed. */
export class WebhookVerificationError extends RenderjuiceError {
  constructor(options: {
    code:
      | "missing_header"
      | "timestamp_out_of_range"
      | "signature_mismatch"
      | "body_not_raw"
      | "malformed_payload";
    message: string;
    hint?: string | undefined;
    cause?: unknown;
    secrets?: readonly string[] | undefined;
  }) {
    super(options);
  }
}

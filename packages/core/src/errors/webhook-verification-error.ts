import { RenderjuiceError } from "./renderjuice-error.ts";

/**
 * A delivery that must not be trusted. The code says which check failed.
 *
 * @example
 * ```ts
 * import { verifyWebhook, WebhookVerificationError } from "@renderjuice/core";
 *
 * const answer = await verifyWebhook({ body: "{}", headers: {}, secret: "whsec_test" }).then(
 *   () => 200,
 *   (error) => (WebhookVerificationError.isInstance(error) ? 401 : 500),
 * );
 * ```
 */
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

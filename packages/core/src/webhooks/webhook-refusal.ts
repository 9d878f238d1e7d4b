import { RenderjuiceError, WebhookVerificationError } from "../errors/index.ts";
import { redactText } from "../text/redact.ts";

/** Why a request was rejected. Contains no secrets. */
export interface WebhookRefusal {
  readonly status: number;
  /** Stable, such as `signature_mismatch`. Nothing else is sent to the sender. */
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  /** The stack of the error, if `onEvent` failed. */
  readonly stack: string | undefined;
}

/** A request that is rejected before it is verified. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * The response and the log entry for an error while a delivery was read, verified or handled.
 *
 * @example
 * ```ts
 * import { verifyWebhook } from "@renderjuice/core";
 * import { describeRefusal } from "@renderjuice/core/adapter";
 *
 * try {
 *   await verifyWebhook({ body: "{}", headers: {}, secret: "whsec_test" });
 * } catch (error) {
 *   const { status, code } = describeRefusal(error); // 401, "missing_header"
 * }
 * ```
 */
export function describeRefusal(error: unknown, secrets: readonly string[] = []): WebhookRefusal {
  // Our own sentences contain no secret, but may contain a word that somebody has chosen as one.
  const isOurs = error instanceof Refusal || RenderjuiceError.isInstance(error);
  const text = error instanceof Error ? error.message : String(error);
  const message = isOurs ? text : redactText(text, secrets);
  if (error instanceof Refusal) {
    return { status: error.status, code: error.code, message, hint: undefined, stack: undefined };
  }
  const { code = "not_taken", hint = undefined } = RenderjuiceError.isInstance(error) ? error : {};
  const status = WebhookVerificationError.isInstance(error) ? statusOf(error) : 500;
  const stack = status === 500 && error instanceof Error && error.stack;
  return { status, code, message, hint, stack: stack ? redactText(stack, secrets) : undefined };
}

/** 4xx: repeating the delivery cannot help. */
function statusOf({ code }: WebhookVerificationError): number {
  if (code === "body_not_raw") return 500;
  return code === "malformed_payload" ? 400 : 401;
}

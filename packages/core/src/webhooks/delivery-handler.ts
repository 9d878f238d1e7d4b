import * as z from "zod/v4";
import type { WebhookEvent } from "../contract/index.ts";
import { RenderjuiceError } from "../errors/index.ts";
import { tell } from "../runtime/tell.ts";
import { checkInput } from "../settings/check-input.ts";
import { aFunction, anything } from "../settings/option-schemas.ts";
import { createEventGate } from "./event-gate.ts";
import { toBytes } from "./signature.ts";
import { DEFAULT_TOLERANCE_MS, requireSecrets, verifyWebhook } from "./verify-webhook.ts";
import { readHeader, type WebhookHeaders } from "./webhook-headers.ts";
import { describeRefusal, Refusal, type WebhookRefusal } from "./webhook-refusal.ts";

/** A payload lists a signed URL per frame: enough for about ten thousand. */
const DEFAULT_MAX_BODY_BYTES = 8 * 1024 * 1024;

/** Options of every webhook handler. */
export interface WebhookHandlerOptions {
  /** From the dashboard. Give several while the secret is being rotated: any of them may match. */
  readonly secret: string | readonly string[];
  /**
   * Takes an event that is genuine and new. The sender hears 2xx once this has settled, gives up after 7 seconds and
   * tries again a limited number of times: put the event where it is safe, and do the work afterwards. When it throws,
   * the sender hears 500, and its next attempt is handed over again.
   */
  readonly onEvent: (event: WebhookEvent) => void | Promise<void>;
  /**
   * Called for each rejected request, for logs. Errors that it throws are ignored.
   *
   * @default writes to the console what is wrong here, and not what strangers send
   */
  readonly onRefused?: ((refusal: WebhookRefusal) => void) | undefined;
  /** Longer bodies are rejected. @default 8388608 */
  readonly maxBodyBytes?: number | undefined;
  /** How far a delivery's timestamp may be from now, in milliseconds. @default 300000 */
  readonly toleranceMs?: number | undefined;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: (() => number) | undefined;
}

/** Loose: a receiver has more options. */
const optionsSchema = z.looseObject({
  secret: anything,
  onEvent: aFunction,
  onRefused: aFunction.optional(),
  maxBodyBytes: z.number().optional(),
  toleranceMs: z.number().optional(),
  now: aFunction.optional(),
} satisfies Record<keyof WebhookHandlerOptions, z.ZodType>);

/** A request that may be a delivery, from any kind of server. */
export interface Delivery {
  readonly method: string | undefined;
  readonly headers: WebhookHeaders;
  /**
   * May throw `bodyTooLarge` as soon as there are more than `maxBytes`. @throws WebhookVerificationError `body_not_raw`
   */
  readonly readBody: (maxBytes: number) => Promise<string | Uint8Array | ArrayBuffer>;
}

export interface DeliveryAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Answers deliveries: 2xx once an event has been handled, 4xx if repeating the delivery cannot help, 5xx if it may.
 *
 * @throws ConfigError if there is no secret
 */
export function createDeliveryHandler(
  options: WebhookHandlerOptions,
): (delivery: Delivery) => Promise<DeliveryAnswer> {
  checkInput(optionsSchema, options, { option: "options", member: "option" });
  const { onEvent, onRefused = writeToConsole, maxBodyBytes = DEFAULT_MAX_BODY_BYTES } = options;
  const { toleranceMs = DEFAULT_TOLERANCE_MS, now = Date.now } = options;
  const secret = requireSecrets(options.secret);
  // A delivery is valid within the tolerance before and after its timestamp.
  const handOver = createEventGate(onEvent, { rememberMs: 2 * toleranceMs, now });
  return async (delivery) => {
    const { method, headers } = delivery;
    try {
      if (method !== "POST") throw wrongMethod(method);
      if (Number(readHeader(headers, "content-length") ?? 0) > maxBodyBytes) throw bodyTooLarge(maxBodyBytes);
      const body = await readBody(delivery, maxBodyBytes);
      const event = await verifyWebhook({ body, headers, secret, toleranceMs, nowMs: now() });
      const isNew = await handOver(event);
      return toAnswer(200, { received: true, ...(!isNew && { repeated: true }) });
    } catch (error) {
      const refusal = describeRefusal(error, secret);
      tell(onRefused, refusal);
      return toAnswer(refusal.status, { error: { code: refusal.code } });
    }
  };
}

export function bodyTooLarge(maxBytes: number): Refusal {
  return new Refusal(413, "body_too_large", `The body is longer than ${maxBytes} bytes.`);
}

async function readBody({ readBody }: Delivery, maxBytes: number): Promise<Uint8Array> {
  try {
    const body = toBytes(await readBody(maxBytes));
    if (body.byteLength > maxBytes) throw bodyTooLarge(maxBytes);
    return body;
  } catch (error) {
    if (error instanceof Refusal || RenderjuiceError.isInstance(error)) throw error;
    throw new Refusal(400, "body_incomplete", "The sender disconnected before the body was complete.");
  }
}

function toAnswer(status: number, content: object): DeliveryAnswer {
  const headers = { "content-type": "application/json", ...(status === 405 && { allow: "POST" }) };
  return { status, headers, body: JSON.stringify(content) };
}

function writeToConsole({ status, message, hint = "", stack }: WebhookRefusal): void {
  if (status !== 500) return;
  // biome-ignore lint/suspicious/noConsole: an error of onEvent that nobody has asked for must not be lost
  console.error(
    `A webhook could not be handled; it will be sent again. ${stack ?? message} ${hint}`.trimEnd(),
  );
}

function wrongMethod(method = ""): Refusal {
  return new Refusal(405, "wrong_method", `Deliveries are POST requests; this is ${method}.`);
}

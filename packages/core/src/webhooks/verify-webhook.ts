import { type WebhookEvent, webhookEventSchema } from "../contract/index.ts";
import { ConfigError, WebhookVerificationError } from "../errors/index.ts";
import { parseJson } from "../text/parse-json.ts";
import { hmacSha256, SIGNATURE_HEADER, TIMESTAMP_HEADER, toBytes } from "./signature.ts";
import { readHeader, type WebhookHeaders } from "./webhook-headers.ts";

export const DEFAULT_TOLERANCE_MS = 5 * 60_000;

/** What `verifyWebhook` takes. */
export interface VerifyWebhookInput {
  /** The body exactly as it arrived, not parsed. */
  readonly body: string | Uint8Array | ArrayBuffer;
  readonly headers: WebhookHeaders;
  /** From the dashboard. Give several while the secret is being rotated: any of them may match. */
  readonly secret: string | readonly string[];
  /** How far the timestamp may be from now, in milliseconds. @default 300000 */
  readonly toleranceMs?: number | undefined;
  /** Milliseconds since 1970. @default now */
  readonly nowMs?: number | undefined;
}

/**
 * Checks that a delivery was signed with the secret and is recent, then parses it. The signature is accepted as hex or
 * base64, with or without `sha256=`.
 *
 * `createWebhookHandler` does this and everything around it. Use `verifyWebhook` if your framework gives you the body
 * and the headers.
 *
 * @throws WebhookVerificationError whose code says which check failed.
 * @example
 * ```ts
 * import { verifyWebhook } from "@renderjuice/core";
 *
 * async function receive(request: Request) {
 *   const secret = process.env.RENDERJUICE_WEBHOOK_SECRET ?? "";
 *   const event = await verifyWebhook({ body: await request.text(), headers: request.headers, secret });
 *   console.log(event.event, event.jobId);
 * }
 * ```
 */
export async function verifyWebhook(input: VerifyWebhookInput): Promise<WebhookEvent> {
  const secrets = requireSecrets(input.secret);
  checkHeaders(input.headers);
  if (!isRaw(input.body)) throw bodyNotRaw();
  const signature = requireHeader(input.headers, SIGNATURE_HEADER);
  const timestamp = requireHeader(input.headers, TIMESTAMP_HEADER);
  checkAge(timestamp, input);
  const body = toBytes(input.body);
  const candidates = decodeSignature(signature);
  let isGenuine = false;
  for (const secret of secrets) {
    const expected = await hmacSha256(secret, timestamp, body);
    for (const candidate of candidates) isGenuine = equalInConstantTime(candidate, expected) || isGenuine;
  }
  if (!isGenuine) throw mismatch(secrets);
  return parseWebhookEvent(body);
}

/**
 * Identifies an event across repeated deliveries, which have no delivery id.
 *
 * @example
 * ```ts
 * import { webhookKey } from "@renderjuice/core/adapter";
 *
 * webhookKey({ event: "onRenderComplete", jobId }); // "onRenderComplete:…"
 * ```
 */
export function webhookKey({ event, jobId }: WebhookEvent): string {
  return `${event}:${jobId}`;
}

/**
 * Without secrets that are blank, which anybody could guess, or absent, as variables of an environment may be.
 *
 * @throws ConfigError if none is left
 */
export function requireSecrets(secret: VerifyWebhookInput["secret"] | undefined): string[] {
  const secrets = [secret]
    .flat()
    .filter((one): one is string => typeof one === "string" && one.trim() !== "");
  if (secrets.length > 0) return secrets;
  throw new ConfigError({
    code: "invalid_option",
    option: "secret",
    message: "There is no secret to verify webhooks with.",
    hint: "It is shown in the Renderjuice dashboard under Profile & Settings, Webhooks.",
  });
}

function checkHeaders(headers: unknown): void {
  if (typeof headers === "object" && headers !== null && !Array.isArray(headers)) return;
  throw new ConfigError({
    code: "invalid_option",
    option: "headers",
    message: "The headers must be a Headers object, or an object of names and values.",
    hint: "Pass request.headers.",
  });
}

/** Whether this is the body as bytes or text. */
export function isRaw(body: unknown): body is VerifyWebhookInput["body"] {
  return typeof body === "string" || body instanceof Uint8Array || body instanceof ArrayBuffer;
}

export function bodyNotRaw(): WebhookVerificationError {
  return new WebhookVerificationError({
    code: "body_not_raw",
    message: "The body was parsed before its signature could be verified.",
    hint: "Mount the webhook before express.json() and other body parsers, or give its route express.raw({ type: () => true }).",
  });
}

function requireHeader(headers: WebhookHeaders, name: string): string {
  const value = readHeader(headers, name);
  if (value !== undefined) return value;
  throw new WebhookVerificationError({
    code: "missing_header",
    message: `The header ${name} is missing.`,
    hint: "Either the delivery is not from Renderjuice, or a proxy in between removes headers that it does not know.",
  });
}

function checkAge(
  timestamp: string,
  { toleranceMs = DEFAULT_TOLERANCE_MS, nowMs = Date.now() }: VerifyWebhookInput,
): void {
  const sentMs = /^\d+$/.test(timestamp) ? Number(timestamp) * 1000 : Number.NaN;
  const ageMs = nowMs - sentMs;
  if (Math.abs(ageMs) <= toleranceMs) return;
  const seconds = Math.round(Math.abs(ageMs) / 1000);
  throw new WebhookVerificationError({
    code: "timestamp_out_of_range",
    message: Number.isNaN(ageMs)
      ? "The timestamp is not a number of seconds."
      : `The delivery is ${seconds} s ${ageMs > 0 ? "old" : "in the future"}; ${toleranceMs / 1000} s are allowed.`,
    hint: describeAge(sentMs, nowMs, toleranceMs),
  });
}

function describeAge(sentMs: number, nowMs: number, toleranceMs: number): string {
  const isInMilliseconds = Math.abs(nowMs - sentMs / 1000) <= toleranceMs;
  if (isInMilliseconds) return "The timestamp seems to be in milliseconds; seconds are expected.";
  return "Check this machine's clock. A late retry may carry its first timestamp: increase toleranceMs to accept it.";
}

/** Every reading of the text that has the length of a SHA-256. */
function decodeSignature(signature: string): Uint8Array[] {
  const text = signature.replace(/^sha256=/i, "");
  if (/^[0-9a-f]{64}$/i.test(text)) {
    return [Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))];
  }
  const base64 = text.replace(/-/g, "+").replace(/_/g, "/");
  if (!/^[A-Za-z0-9+/]{43}=?$/.test(base64)) return [];
  return [Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))];
}

function equalInConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let index = 0; index < b.length; index++) difference |= (a[index] ?? 0) ^ (b[index] ?? 0);
  return difference === 0;
}

function mismatch(secrets: readonly string[]): WebhookVerificationError {
  const hint = secrets.some((secret) => secret !== secret.trim())
    ? "A secret begins or ends with white space, probably a line break from a file."
    : "Check that the secret belongs to this workspace and endpoint, and that the body is passed exactly as it arrived.";
  return new WebhookVerificationError({
    code: "signature_mismatch",
    message: `The signature is not valid for this body with ${secrets.length > 1 ? "any of the given secrets" : "the given secret"}.`,
    hint,
  });
}

/**
 * Parses a delivery whose sender has been verified by other means.
 *
 * @throws WebhookVerificationError `malformed_payload`
 * @example
 * ```ts
 * import { parseWebhookEvent } from "@renderjuice/core/adapter";
 *
 * const event = parseWebhookEvent(new TextEncoder().encode('{"event":"onRenderComplete","jobId":"…"}'));
 * ```
 */
export function parseWebhookEvent(body: Uint8Array): WebhookEvent {
  try {
    return webhookEventSchema.parse(parseJson(new TextDecoder().decode(body)));
  } catch (cause) {
    throw new WebhookVerificationError({
      code: "malformed_payload",
      message: "The body is not a webhook event.",
      hint: "The API may have changed: look for a newer version of this tool.",
      cause,
    });
  }
}

import { type WebhookEvent, webhookEventSchema } from "../contract/index.ts";
import { WebhookVerificationError } from "../errors/index.ts";
import { parseJson } from "../text/parse-json.ts";
import { hmacSha256, SIGNATURE_HEADER, TIMESTAMP_HEADER, toBytes } from "./signature.ts";

export const DEFAULT_TOLERANCE_MS = 5 * 60_000;

export interface VerifyWebhookInput {
  /** The body as it arrived, before anything parsed it. */
  readonly rawBody: string | Uint8Array;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Any of them may fit: during a change of secret there are two. */
  readonly secrets: readonly string[];
  /** How far the timestamp may be from now. @default 300000 */
  readonly toleranceMs?: number | undefined;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/**
 * Checks that a delivery comes from who knows the secret, and is fresh; then parses it. The signature is accepted as hex
 * or base64, with or without `sha256=`.
 *
 * @throws WebhookVerificationError whose code says which check failed.
 */
export async function verifyWebhook(input: VerifyWebhookInput): Promise<WebhookEvent> {
  const { rawBody, headers, secrets } = input;
  checkRaw(rawBody);
  const signature = readHeader(headers, SIGNATURE_HEADER);
  const timestamp = readHeader(headers, TIMESTAMP_HEADER);
  checkAge(timestamp, input);
  const body = toBytes(rawBody);
  const candidates = decodeSignature(signature);
  let isGenuine = false;
  for (const secret of secrets) {
    const expected = await hmacSha256(secret, timestamp, body);
    for (const candidate of candidates) isGenuine = equalInConstantTime(candidate, expected) || isGenuine;
  }
  if (!isGenuine) throw mismatch(secrets);
  return parseEvent(body);
}

/** What makes two deliveries the same: the sender may repeat one, and gives no delivery id. */
export function webhookKey({ event, jobId }: WebhookEvent): string {
  return `${event}:${jobId}`;
}

function checkRaw(rawBody: unknown): void {
  if (typeof rawBody === "string" || rawBody instanceof Uint8Array) return;
  throw new WebhookVerificationError({
    code: "body_not_raw",
    message: "The body was parsed before it was verified; its bytes are gone.",
    hint: "Pass the raw body: in Express use express.raw() for this route, in Hono await c.req.text().",
  });
}

function readHeader(headers: VerifyWebhookInput["headers"], name: string): string {
  const [, value] = Object.entries(headers).find(([key]) => key.toLowerCase() === name) ?? [];
  const text = typeof value === "string" ? value : value?.[0];
  if (text?.trim()) return text.trim();
  throw new WebhookVerificationError({
    code: "missing_header",
    message: `The header ${name} is missing.`,
    hint: "Either the delivery is not from Renderjuice, or a proxy in between drops headers it does not know.",
  });
}

function checkAge(
  timestamp: string,
  { toleranceMs = DEFAULT_TOLERANCE_MS, nowMs }: VerifyWebhookInput,
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
  return "Is this machine's clock right? A late retry may carry its first timestamp: allow more with toleranceMs.";
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
  const hint =
    secrets.length === 0
      ? "No secret was given. It is shown in the dashboard under Profile & Settings, Webhooks."
      : secrets.some((secret) => secret !== secret.trim())
        ? "A secret has white space around it; it probably came from a file with a line break."
        : "Is it the secret of this workspace and endpoint? Is the body passed exactly as it arrived?";
  return new WebhookVerificationError({
    code: "signature_mismatch",
    message: "The signature does not fit the body and any of the secrets.",
    hint,
    secrets,
  });
}

function parseEvent(body: Uint8Array): WebhookEvent {
  try {
    return webhookEventSchema.parse(parseJson(new TextDecoder().decode(body)));
  } catch (cause) {
    throw new WebhookVerificationError({
      code: "malformed_payload",
      message: "The delivery is genuine, but its body is not a webhook event.",
      hint: "The API may have changed: look for a newer version of this tool.",
      cause,
    });
  }
}

import { hmacSha256, SIGNATURE_HEADER, TIMESTAMP_HEADER, toBytes, toHex } from "./signature.ts";

export interface SignWebhookInput {
  /** The body exactly as it is sent. */
  readonly rawBody: string | Uint8Array;
  readonly secret: string;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** The headers of a signed delivery, for tests and relays. */
export async function signWebhook({
  rawBody,
  secret,
  nowMs,
}: SignWebhookInput): Promise<Record<string, string>> {
  const timestamp = String(Math.floor(nowMs / 1000));
  const signature = toHex(await hmacSha256(secret, timestamp, toBytes(rawBody)));
  return { [SIGNATURE_HEADER]: signature, [TIMESTAMP_HEADER]: timestamp };
}

import { hmacSha256, SIGNATURE_HEADER, TIMESTAMP_HEADER, toBytes, toHex } from "./signature.ts";

/** What `signWebhook` takes. */
export interface SignWebhookInput {
  /** The body exactly as it is sent. */
  readonly body: string | Uint8Array;
  readonly secret: string;
  /** Milliseconds since 1970. @default now */
  readonly nowMs?: number | undefined;
}

/**
 * The headers of a signed delivery, for tests and relays.
 *
 * @example
 * ```ts
 * import { signWebhook } from "@renderjuice/core";
 *
 * const body = JSON.stringify({ event: "onRenderComplete", status: "completed", jobId });
 * const headers = await signWebhook({ body, secret: "whsec_test" });
 * await fetch("http://localhost:3000/hooks/renderjuice", { method: "POST", body, headers });
 * ```
 */
export async function signWebhook({
  body,
  secret,
  nowMs = Date.now(),
}: SignWebhookInput): Promise<Record<string, string>> {
  const timestamp = String(Math.floor(nowMs / 1000));
  const signature = toHex(await hmacSha256(secret, timestamp, toBytes(body)));
  return { [SIGNATURE_HEADER]: signature, [TIMESTAMP_HEADER]: timestamp };
}

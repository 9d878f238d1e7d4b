import type { IncomingMessage } from "node:http";
import { bodyTooLarge } from "../../webhooks/delivery-handler.ts";
import { bodyNotRaw, isRaw } from "../../webhooks/verify-webhook.ts";

/**
 * The body as it arrived, even if a parser for raw bodies ran first.
 *
 * @param onChunk called with the size of each piece as it comes
 * @throws WebhookVerificationError `body_not_raw`, Refusal when it is too long
 */
export async function readRawBody(
  request: IncomingMessage,
  maxBytes: number,
  onChunk: (bytes: number) => void = () => undefined,
): Promise<string | Uint8Array | ArrayBuffer> {
  // What Express and similar frameworks leave on a request whose body has been read.
  const { rawBody, body } = request as { readonly rawBody?: unknown; readonly body?: unknown };
  const kept = [rawBody, body].find(isRaw);
  if (kept !== undefined) return kept;
  if (request.readableDidRead) throw bodyNotRaw();
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  // The connection stays open for the response.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) throw bodyTooLarge(maxBytes);
    chunks.push(chunk);
    onChunk(chunk.length);
  }
  return Buffer.concat(chunks);
}

import { bodyTooLarge, createDeliveryHandler, type WebhookHandlerOptions } from "./delivery-handler.ts";
import { bodyNotRaw } from "./verify-webhook.ts";

/**
 * A function from `Request` to `Response` that handles webhooks: for Hono, Next, Deno, Bun, workers, and anything else
 * built on `fetch`. For Express and `node:http` there is `nodeWebhookHandler`.
 *
 * It verifies the signature over the bytes as they came, and hands each event over once: a repeated delivery is
 * answered and dropped, unless the first attempt failed. It remembers for as long as the process lives and a signature
 * is good.
 *
 * Answers 200 for events that were taken; 400, 401, 405 and 413 for what is not a delivery; 500 when `onEvent` throws.
 *
 * @throws ConfigError if there is no secret
 * @example
 * ```ts
 * import { createWebhookHandler } from "@renderjuice/core";
 *
 * // A route handler of Next: app/hooks/renderjuice/route.ts
 * export const POST = createWebhookHandler({
 *   secret: process.env.RENDERJUICE_WEBHOOK_SECRET ?? "",
 *   onEvent: async (event) => console.log(event.event, event.jobId),
 * });
 * ```
 */
export function createWebhookHandler(
  options: WebhookHandlerOptions,
): (request: Request) => Promise<Response> {
  const answerDelivery = createDeliveryHandler(options);
  return async (request) => {
    const { method, headers } = request;
    const answer = await answerDelivery({
      method,
      headers,
      readBody: (maxBytes) => readBody(request, maxBytes),
    });
    return new Response(answer.body, { status: answer.status, headers: answer.headers });
  };
}

async function readBody(request: Request, maxBytes: number): Promise<Uint8Array> {
  if (request.bodyUsed) throw bodyNotRaw();
  const reader = request.body?.getReader();
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
    sizeBytes += next.value.byteLength;
    if (sizeBytes > maxBytes) {
      reader?.cancel().catch(() => undefined);
      throw bodyTooLarge(maxBytes);
    }
    chunks.push(next.value);
  }
  return join(chunks, sizeBytes);
}

function join(chunks: readonly Uint8Array[], sizeBytes: number): Uint8Array {
  const joined = new Uint8Array(sizeBytes);
  let offset = 0;
  for (const chunk of chunks) {
    joined.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return joined;
}

import type { IncomingMessage, ServerResponse } from "node:http";
import { finished } from "node:stream/promises";
import {
  createDeliveryHandler,
  type DeliveryAnswer,
  type WebhookHandlerOptions,
} from "../../webhooks/delivery-handler.ts";
import { readRawBody } from "./read-raw-body.ts";

/** Handles webhooks in Express and `node:http`. Resolves when the response has been sent. */
export type NodeWebhookHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * `createWebhookHandler` for Express, `node:http` and frameworks built on them.
 *
 * Mount it before body parsers: once `express.json()` has read a body, its signature can no longer be verified, and the
 * response is 500 with `body_not_raw`. A body that `express.raw()` has read, or one that is kept as `request.rawBody`,
 * is fine.
 *
 * @throws ConfigError if there is no secret
 * @example
 * ```ts
 * import { createServer } from "node:http";
 * import { nodeWebhookHandler } from "@renderjuice/core/node";
 *
 * const takeWebhook = nodeWebhookHandler({
 *   secret: process.env.RENDERJUICE_WEBHOOK_SECRET ?? "",
 *   onEvent: async (event) => console.log(event.event, event.jobId),
 * });
 * createServer(takeWebhook).listen(3000); // in Express: app.post("/hooks/renderjuice", takeWebhook)
 * ```
 */
export function nodeWebhookHandler(options: WebhookHandlerOptions): NodeWebhookHandler {
  const answerDelivery = createDeliveryHandler(options);
  return async (request, response) => {
    const { method, headers } = request;
    const readBody = (maxBytes: number) => readRawBody(request, maxBytes);
    await sendAnswer(response, await answerDelivery({ method, headers, readBody }));
  };
}

/** A sender that has disconnected gets no response, and sends again. */
export async function sendAnswer(response: ServerResponse, answer: DeliveryAnswer): Promise<void> {
  const { status, headers, body } = answer;
  // The rest of a body that is too long is not read, so the connection cannot be reused.
  response.writeHead(status, { ...headers, ...(status === 413 && { connection: "close" }) }).end(body);
  await finished(response).catch(() => undefined);
}

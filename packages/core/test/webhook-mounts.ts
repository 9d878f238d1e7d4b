import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import express, { type RequestHandler } from "express";
import { Hono } from "hono";
import { createWebhookHandler } from "../src/index.ts";
import { createWebhookReceiver, nodeWebhookHandler } from "../src/node/index.ts";
import type { WebhookHandlerOptions } from "../src/webhooks/delivery-handler.ts";

/** Where deliveries are taken. */
export interface Mount extends AsyncDisposable {
  readonly url: string;
  readonly send: (request: Request) => Promise<Response>;
}

const PATH = "/hooks/renderjuice";

/** Every way to take webhooks. */
export const MOUNTS: Readonly<Record<string, (options: WebhookHandlerOptions) => Promise<Mount>>> = {
  async Hono(options) {
    const handler = createWebhookHandler(options);
    const app = new Hono().all(PATH, (c) => handler(c.req.raw));
    return listen(createAdaptorServer({ fetch: app.fetch }) as Server);
  },

  async "a route handler of Next"(options) {
    const send = createWebhookHandler(options);
    return { url: `https://studio.example${PATH}`, send, [Symbol.asyncDispose]: async () => undefined };
  },

  Express: (options) => listen(createServer(createExpress(options))),

  "Express with its parser for raw bodies": (options) =>
    listen(createServer(createExpress(options, express.raw({ type: () => true, limit: "50mb" })))),

  "node:http": (options) => listen(createServer(nodeWebhookHandler(options))),

  async "the receiver"(options) {
    const receiver = await createWebhookReceiver({ ...options, path: PATH });
    return { url: receiver.url, send: fetch, [Symbol.asyncDispose]: receiver.close };
  },
};

export function createExpress(options: WebhookHandlerOptions, ...before: RequestHandler[]) {
  return express().all(PATH, ...before, nodeWebhookHandler(options));
}

export async function listen(server: Server): Promise<Mount> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`,
    send: fetch,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

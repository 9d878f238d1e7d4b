// Receives Renderjuice's webhooks in Hono: RENDERJUICE_WEBHOOK_SECRET=… node webhook-hono.ts
import { serve } from "@hono/node-server";
import { createWebhookHandler } from "@renderjuice/core";
import { Hono } from "hono";

const receive = createWebhookHandler({
  secret: process.env.RENDERJUICE_WEBHOOK_SECRET ?? "",
  onEvent: ({ event, jobId }) => console.log(event, jobId),
});

const app = new Hono().post("/hooks/renderjuice", ({ req }) => receive(req.raw));
serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) });

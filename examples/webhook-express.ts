// Receives Renderjuice's webhooks in Express: RENDERJUICE_WEBHOOK_SECRET=… node webhook-express.ts
import { nodeWebhookHandler } from "@renderjuice/core/node";
import express from "express";

const app = express();
app.post(
  "/hooks/renderjuice",
  nodeWebhookHandler({
    secret: process.env.RENDERJUICE_WEBHOOK_SECRET ?? "",
    onEvent: ({ event, jobId }) => console.log(event, jobId),
  }),
);
// After the webhook: a body that was parsed cannot be verified.
app.use(express.json());
app.listen(Number(process.env.PORT ?? 3000));

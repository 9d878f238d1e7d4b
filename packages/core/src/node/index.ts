export * from "../index.ts";
export type { DownloadOptions } from "./download/download-outputs.ts";
export {
  createNodeClient,
  type DownloadCallOptions,
  type NodeClient,
  type NodeClientOptions,
  type NodeSubmitOptions,
  type Submission,
} from "./node-client.ts";
export type { OnceOptions } from "./once/run-job-once.ts";
export { type OpenSourceOptions, openSource } from "./source/open-source.ts";
export { type NodeWebhookHandler, nodeWebhookHandler } from "./webhooks/node-webhook-handler.ts";
export {
  createWebhookReceiver,
  type WebhookReceiver,
  type WebhookReceiverOptions,
} from "./webhooks/webhook-receiver.ts";

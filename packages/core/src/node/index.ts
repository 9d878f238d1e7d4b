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
export {
  createWebhookReceiver,
  type WebhookReceiver,
  type WebhookReceiverOptions,
  type WebhookRefusal,
} from "./webhooks/webhook-receiver.ts";

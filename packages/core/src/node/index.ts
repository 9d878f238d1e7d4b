export * from "../index.ts";
export { type Dependency, findDependencies, type SceneInspection } from "./blend/find-dependencies.ts";
export { inspectScene } from "./blend/inspect-scene.ts";
export {
  createNodeClient,
  type NodeClient,
  type NodeClientOptions,
  type NodeSubmitOptions,
  type Submission,
} from "./node-client.ts";
export { openSource } from "./source/open-source.ts";
export { nodeWebhookHandler } from "./webhooks/node-webhook-handler.ts";
export {
  createWebhookReceiver,
  type WebhookReceiver,
} from "./webhooks/webhook-receiver.ts";

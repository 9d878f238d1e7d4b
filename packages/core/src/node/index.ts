export * from "../index.ts";
export * from "./blender/index.ts";
export { checkOutputFile, checkOutputFolder } from "./check-output-place.ts";
export { createContactSheet } from "./contact-sheet.ts";
export {
  type CredentialOptions,
  type Credentials,
  defaultConfigFile,
  loadCredentials,
} from "./credentials.ts";
export { type ConnectionOptions, createDispatchers, type Dispatchers } from "./dispatchers.ts";
export { createDownloader, type DownloadOptions } from "./download-outputs.ts";
export { type FoundScene, findScenes } from "./find-scenes.ts";
export { fingerprintSource } from "./fingerprint-source.ts";
export { makeFolder } from "./make-folder.ts";
export {
  createNodeClient,
  type JobHandle,
  type NodeClient,
  type NodeClientOptions,
  type SubmitInput,
  type SubmitOptions,
} from "./node-client.ts";
export { nodeRuntime } from "./node-runtime.ts";
export { type OpenSourceOptions, openSource } from "./open-source.ts";
export { replaceFile } from "./replace-file.ts";
export type { OnceOptions } from "./run-job-once.ts";
export { RunRecord } from "./run-record.ts";
export { readSecretFile } from "./secret-file.ts";
export { createUndiciTransport } from "./undici-transport.ts";
export {
  createWebhookReceiver,
  type WebhookReceiver,
  type WebhookReceiverOptions,
  type WebhookRefusal,
} from "./webhook-receiver.ts";

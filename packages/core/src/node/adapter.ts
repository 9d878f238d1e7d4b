/** Building blocks for adapters that run on Node, see `adapter.ts`. */
export * from "../adapter.ts";
export { BlenderNotFoundError } from "./blender/blender-not-found-error.ts";
export { type BlenderVersion, formatBlenderVersion, isAtLeast } from "./blender/blender-version.ts";
export { type Blender, findBlender } from "./blender/find-blender.ts";
export { createDispatchers } from "./connection/dispatchers.ts";
export { createUndiciTransport } from "./connection/undici-transport.ts";
export { loadCredentials } from "./credentials.ts";
export { checkOutputFile, checkOutputFolder, followLink } from "./download/check-output-place.ts";
export { makeFolder } from "./files/make-folder.ts";
export { replaceFile } from "./files/replace-file.ts";
export { readSecretFile } from "./files/secret-file.ts";
export { RunRecord } from "./once/run-record.ts";
export { type FoundScene, findScenes } from "./source/find-scenes.ts";
export { fingerprintSource } from "./source/fingerprint-source.ts";
export { readWebhookSecrets } from "./webhooks/read-webhook-secrets.ts";

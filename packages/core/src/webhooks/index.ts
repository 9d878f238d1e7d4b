export { signWebhook } from "./sign-webhook.ts";
export { verifyWebhook, webhookKey } from "./verify-webhook.ts";

export { type SignWebhookInput, signWebhook } from "./sign-webhook.ts";
export { type VerifyWebhookInput, verifyWebhook, webhookKey } from "./verify-webhook.ts";

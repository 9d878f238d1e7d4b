import { Option } from "@commander-js/extra-typings";
import { ConfigError } from "@renderjuice/core";
import { readWebhookSecrets } from "@renderjuice/core/adapter/node";
import { createWebhookReceiver, type WebhookReceiver } from "@renderjuice/core/node";
import type { CommandContext } from "./command-context.ts";
import { parsePort } from "./port.ts";

/** Options of commands that wait. */
export const webhookPortOption = () =>
  new Option(
    "--webhook-port <number>",
    "receive webhooks on this port of 127.0.0.1, to see immediately that a render is complete",
  ).argParser(parsePort);

export const webhookSecretFileOption = () =>
  new Option(
    "--webhook-secret-file <file>",
    "file that contains the webhook secret; RENDERJUICE_WEBHOOK_SECRET by default",
  );

export interface WebhookOptions {
  readonly webhookPort?: number | undefined;
  readonly webhookSecretFile?: string | undefined;
}

/** Receives webhooks that wake the command's waits, if a port was given. They still poll: failures are not sent. */
export async function receiveWebhooks(
  { output }: CommandContext,
  { webhookPort: port, webhookSecretFile }: WebhookOptions,
): Promise<WebhookReceiver | undefined> {
  if (port === undefined) return undefined;
  const secret = readWebhookSecrets(webhookSecretFile);
  if (secret.length === 0) throw noSecret();
  const receiver = await createWebhookReceiver({
    secret,
    port,
    // Webhooks about other jobs are accepted too, so that they are not sent again.
    onEvent: () => undefined,
    onRefused: ({ status, message, hint }) =>
      output.warning(`Refused a webhook (${status}): ${message}`, hint),
  });
  output.note(`Receiving webhooks at ${receiver.url}`);
  return receiver;
}

function noSecret(): ConfigError {
  return new ConfigError({
    code: "invalid_option",
    option: "--webhook-secret-file",
    message: "There is no secret to verify webhooks with.",
    hint: "Copy the secret from the Renderjuice dashboard (Profile & Settings, Webhooks) into a file, and pass it with --webhook-secret-file FILE.",
  });
}

import { readSecretFile } from "../files/secret-file.ts";

/**
 * The secrets that webhooks are signed with, from a file or else from `RENDERJUICE_WEBHOOK_SECRET`. While a secret is being
 * changed there are two, on a line each.
 *
 * @throws ConfigError when the file cannot be read, or can be read by others.
 */
export function readWebhookSecrets(
  path: string | undefined,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string[] {
  const file = { option: "webhook-secret-file", holds: "webhook secret" };
  const text = path ? readSecretFile(path, file) : (env.RENDERJUICE_WEBHOOK_SECRET ?? "");
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

import { readSecretFile } from "../files/secret-file.ts";

/**
 * The secrets that webhooks are signed with: from a file, else from `RENDERJUICE_WEBHOOK_SECRET`. While a secret is
 * being rotated there are two, one per line.
 *
 * @throws ConfigError if the file cannot be read, or if other users can read it
 * @example
 * ```ts
 * import { readWebhookSecrets } from "@renderjuice/core/adapter/node";
 *
 * const secret = readWebhookSecrets(process.env.WEBHOOK_SECRET_FILE);
 * ```
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

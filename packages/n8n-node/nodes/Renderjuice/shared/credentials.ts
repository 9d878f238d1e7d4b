import type { FunctionsBase } from "n8n-workflow";

export const CREDENTIAL = "renderjuiceApi";

export interface RenderjuiceCredentials {
  readonly apiKey: string;
  readonly baseUrl: string;
  /** Events may be signed with any of these. */
  readonly webhookSecrets: readonly string[];
}

export async function readCredentials(
  context: Pick<FunctionsBase, "getCredentials">,
): Promise<RenderjuiceCredentials> {
  const data = await context.getCredentials(CREDENTIAL);
  const text = (name: string) => (typeof data[name] === "string" ? data[name].trim() : "");
  return {
    apiKey: text("apiKey"),
    baseUrl: text("baseUrl"),
    webhookSecrets: [text("webhookSecret"), text("previousWebhookSecret")].filter((secret) => secret !== ""),
  };
}

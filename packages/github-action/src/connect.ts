import { debug, getInput, isDebug, setSecret } from "@actions/core";
import { createNodeClient, type NodeClient } from "@renderjuice/core/node";
import type { PostInputs } from "./inputs.ts";

/** Has the runner hide the key, before anything can show it. */
export function maskApiKey(): void {
  const apiKey = getInput("api-key");
  if (apiKey) setSecret(apiKey);
}

export function connect(inputs: PostInputs): NodeClient {
  const pollMs = inputs["poll-interval-seconds"];
  return createNodeClient({
    apiKey: inputs["api-key"],
    baseUrl: inputs["api-url"] || undefined,
    userAgent: `renderjuice-github-action node/${process.versions.node}`,
    poll: pollMs ? { initialMs: pollMs, maxMs: pollMs } : undefined,
    // Events are redacted where they are made.
    onEvent: isDebug() ? (event) => debug(JSON.stringify(event)) : undefined,
  });
}

import { debug, getInput, isDebug, setSecret } from "@actions/core";
import { reportRateLimits } from "@renderjuice/core/adapter";
import { createNodeClient, type NodeClient } from "@renderjuice/core/node";
import type { PostInputs } from "./inputs.ts";
import { info } from "./workflow-log.ts";

/** Makes the runner hide the key, before anything can show it. */
export function maskApiKey(): void {
  const apiKey = getInput("api-key");
  if (apiKey) setSecret(apiKey);
}

/** A client that reports pauses in the log. */
export function connect(inputs: PostInputs): NodeClient {
  const pollMs = inputs["poll-interval-seconds"];
  const onRateLimit = reportRateLimits(info, () => performance.now());
  return createNodeClient({
    apiKey: inputs["api-key"],
    baseUrl: inputs["api-url"] || undefined,
    userAgent: `renderjuice-github-action node/${process.versions.node}`,
    poll: pollMs ? { initialMs: pollMs, maxMs: pollMs } : undefined,
    onEvent: (event) => {
      // Events are redacted where they are made.
      if (isDebug()) debug(JSON.stringify(event));
      onRateLimit(event);
    },
  });
}

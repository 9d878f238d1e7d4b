import { reportRateLimits } from "@renderjuice/core/adapter";
import { createNodeClient, type NodeClient } from "@renderjuice/core/node";
import manifest from "../package.json" with { type: "json" };

/**
 * A client with the Worker's key, from `RENDERJUICE_API_KEY` or the file at `RENDERJUICE_API_KEY_FILE`.
 *
 * @param say prints the pauses that the API asks for
 * @throws ConfigError if there is no key, or others can read the file.
 */
export function connect(say: (line: string) => void): NodeClient {
  const { RENDERJUICE_API_KEY, RENDERJUICE_API_KEY_FILE } = process.env;
  const apiKeyFile = RENDERJUICE_API_KEY ? undefined : RENDERJUICE_API_KEY_FILE;
  return createNodeClient({
    userAgent: `renderjuice-deadline/${manifest.version} node/${process.versions.node}`,
    apiKeyFile,
    onEvent: reportRateLimits(say, () => performance.now()),
  });
}

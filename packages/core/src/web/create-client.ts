import { buildClient, type RenderClient } from "../client.ts";
import type { ClientOptions } from "../client-options.ts";
import { createFetchTransport } from "./fetch-transport.ts";
import { systemRuntime } from "./system-runtime.ts";

/**
 * A client for every place that has `fetch`: Node, Deno, Bun, workers, browsers. On Node `createNodeClient` does more:
 * files and folders, downloads to disk, proxies, uploads that are not held in memory.
 *
 * The key is good for everything that the workspace may do and pay for. It belongs on a server or into a tool of your
 * own, never into a page that others can open.
 *
 * @throws ConfigError when the base URL is not a URL or would send the key unencrypted.
 * @example
 * ```ts
 * import { createClient } from "@renderjuice/core";
 *
 * const client = createClient({ apiKey: process.env.RENDERJUICE_API_KEY ?? "" });
 * const { jobs } = await client.jobs.list({ status: "completed" });
 * ```
 */
export function createClient(options: ClientOptions): RenderClient {
  const { transport = createFetchTransport(), runtime = systemRuntime } = options;
  return buildClient({ ...options, transport, runtime });
}

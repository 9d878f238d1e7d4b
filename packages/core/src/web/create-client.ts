import * as z from "zod/v4";
import { buildClient, type RenderClient } from "../client.ts";
import type { ClientOptions } from "../client-options.ts";
import { checkInput } from "../settings/check-input.ts";
import { aFunction, anything } from "../settings/option-schemas.ts";
import { createFetchTransport } from "./fetch-transport.ts";
import { systemRuntime } from "./system-runtime.ts";

const optionsSchema = z
  .strictObject({
    apiKey: anything,
    baseUrl: z.string(),
    transport: anything,
    runtime: anything,
    retry: anything,
    poll: anything,
    timeoutMs: z.number(),
    userAgent: z.string(),
    onEvent: aFunction,
  } satisfies Record<keyof ClientOptions, z.ZodType>)
  .partial();

/**
 * A client for any runtime with `fetch`: Node, Deno, Bun, workers, and browsers from 2024 on. On Node,
 * `createNodeClient` does more: files and folders, downloads to disk, proxies, uploads that are streamed.
 *
 * Whoever has the key can do and spend everything that the workspace can. Keep it on a server or in your own tools;
 * never put it into a page that others can open.
 *
 * @throws ConfigError if the base URL is invalid, or would send the key unencrypted
 * @example
 * ```ts
 * import { createClient } from "@renderjuice/core";
 *
 * const client = createClient({ apiKey: process.env.RENDERJUICE_API_KEY ?? "" });
 * const { jobs } = await client.jobs.list({ status: "completed" });
 * ```
 */
export function createClient(options: ClientOptions): RenderClient {
  checkInput(optionsSchema, options, { option: "options", member: "option" });
  const { transport = createFetchTransport(), runtime = systemRuntime } = options;
  return buildClient({ ...options, transport, runtime });
}

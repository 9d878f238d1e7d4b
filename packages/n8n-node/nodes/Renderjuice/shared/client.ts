import { createClient, type RenderClient } from "@renderjuice/core";
import { readCredentials } from "./credentials.ts";
import { RequestBodies } from "./request-bodies.ts";
import { n8nRuntime } from "./runtime.ts";
import { createN8nTransport, type RequestContext } from "./transport.ts";

/** One client per execution: its items share the brake for rate limits and the poller. */
export async function createN8nClient(
  context: RequestContext,
  bodies = new RequestBodies(),
): Promise<RenderClient> {
  const { apiKey, baseUrl } = await readCredentials(context);
  return createClient({
    apiKey,
    ...(baseUrl && { baseUrl }),
    transport: createN8nTransport(context, bodies),
    runtime: n8nRuntime,
    userAgent: "renderjuice-n8n",
  });
}

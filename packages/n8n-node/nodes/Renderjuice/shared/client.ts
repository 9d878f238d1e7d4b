import type { RenderClient } from "@renderjuice/core";
import { buildClient, reportRateLimits, type Transport } from "@renderjuice/core/adapter";
import { readCredentials } from "./credentials.ts";
import { RequestBodies } from "./request-bodies.ts";
import { n8nRuntime } from "./runtime.ts";
import { createFarewellTransport, createN8nTransport, type RequestContext } from "./transport.ts";

/** One client per execution: its items share one poller, and pause together at a rate limit. */
export async function createN8nClient(
  context: RequestContext,
  bodies = new RequestBodies(),
): Promise<RenderClient> {
  return connect(context, createN8nTransport(context, bodies));
}

/** A client that still works after its execution was stopped. Create it before that. */
export async function createFarewellClient(context: RequestContext): Promise<RenderClient> {
  return connect(context, createFarewellTransport(context));
}

async function connect(context: RequestContext, transport: Transport): Promise<RenderClient> {
  const { apiKey, baseUrl } = await readCredentials(context);
  return buildClient({
    apiKey,
    baseUrl: baseUrl || undefined,
    transport,
    runtime: n8nRuntime,
    userAgent: "renderjuice-n8n",
    onEvent: reportRateLimits((line) => context.logger.info(line), n8nRuntime.monotonicMs),
  });
}

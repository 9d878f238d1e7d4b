import {
  planOutputs,
  RenderjuiceError,
  verifyWebhook,
  type WebhookEvent,
  webhookEventSchema,
} from "@renderjuice/core";
import {
  type IDataObject,
  type IWebhookFunctions,
  type IWebhookResponseData,
  NodeOperationError,
} from "n8n-workflow";
import { describeOutput } from "../output/download-job.ts";
import { createN8nClient } from "../shared/client.ts";
import { readCredentials } from "../shared/credentials.ts";
import { toNodeError } from "../shared/errors.ts";
import { toJson } from "../shared/simplify.ts";
import { SeenEvents } from "./seen-events.ts";

/** Answers one delivery: genuine and new ones start the workflow. */
export async function receiveEvent(context: IWebhookFunctions): Promise<IWebhookResponseData> {
  const options = context.getNodeParameter("options", {}) as IDataObject;
  let event: WebhookEvent;
  try {
    event = await readEvent(context, options);
  } catch (error) {
    return refuse(context, error);
  }
  if (!isWanted(context, options, event)) return { webhookResponse: { received: true, ignored: true } };
  const seen = new SeenEvents(context);
  // In the editor every delivery is shown.
  const isNew = seen.add(event) || context.getMode() === "manual";
  if (!isNew) return { webhookResponse: { received: true, repeated: true } };
  const json = toJson(event);
  try {
    if (options.includeOutputs) json.files = await listFiles(context, event.jobId);
  } catch (error) {
    seen.forget(event);
    throw toNodeError(context.getNode(), error);
  }
  return { workflowData: [context.helpers.returnJsonArray([json])] };
}

async function readEvent(context: IWebhookFunctions, options: IDataObject): Promise<WebhookEvent> {
  const { webhookSecrets } = await readCredentials(context);
  const { rawBody } = context.getRequestObject();
  if (webhookSecrets.length === 0) {
    if (options.acceptUnsigned) return webhookEventSchema.parse(context.getBodyData());
    throw new NodeOperationError(context.getNode(), "The credential holds no webhook signing secret.", {
      description:
        "Copy it from the Renderjuice dashboard, Profile & Settings, Webhooks, or switch on Accept Unsigned Events.",
    });
  }
  return verifyWebhook({
    rawBody,
    headers: context.getHeaderData(),
    secrets: webhookSecrets,
    toleranceMs: Number(options.toleranceSeconds ?? 300) * 1000,
    nowMs: Date.now(),
  });
}

function isWanted(context: IWebhookFunctions, options: IDataObject, event: WebhookEvent): boolean {
  const events = context.getNodeParameter("events", []) as string[];
  const { workspaceId } = options;
  return events.includes(event.event) && (!workspaceId || event.workspaceId === workspaceId);
}

/** The sender learns which check failed, and nothing that would help to pass it. */
function refuse(context: IWebhookFunctions, error: unknown): IWebhookResponseData {
  const reason = error instanceof Error ? error.message : String(error);
  const hint = RenderjuiceError.isInstance(error) ? error.hint : undefined;
  context.logger.warn(`Renderjuice Trigger refused an event: ${reason} ${hint ?? ""}`);
  const code = RenderjuiceError.isInstance(error) ? error.code : "not_accepted";
  context.getResponseObject().status(401).json({ error: { code } });
  return { noWebhookResponse: true };
}

async function listFiles(context: IWebhookFunctions, jobId: string): Promise<IDataObject[]> {
  const client = await createN8nClient(context);
  const { outputs } = planOutputs(await client.jobs.downloads(jobId));
  return outputs.map((output) => ({ ...describeOutput(jobId, output), url: output.url }));
}

import { verifyWebhook, type WebhookEvent } from "@renderjuice/core";
import { describeRefusal, parseWebhookEvent, planOutputs } from "@renderjuice/core/adapter";
import {
  type FunctionsBase,
  type IDataObject,
  type IWebhookFunctions,
  type IWebhookResponseData,
  NodeOperationError,
} from "n8n-workflow";
import { describeOutput } from "../output/download-job.ts";
import { createN8nClient } from "../shared/client.ts";
import { type RenderjuiceCredentials, readCredentials } from "../shared/credentials.ts";
import { toNodeError } from "../shared/errors.ts";
import { toJson } from "../shared/simplify.ts";
import { SeenEvents } from "./seen-events.ts";

/** Responds to one delivery. A genuine, new event starts the workflow. */
export async function receiveEvent(context: IWebhookFunctions): Promise<IWebhookResponseData> {
  const options = context.getNodeParameter("options", {}) as IDataObject;
  let event: WebhookEvent;
  try {
    event = await readEvent(context, options);
  } catch (error) {
    return refuse(context, error);
  }
  if (!isWanted(context, options, event)) return { webhookResponse: { received: true, ignored: true } };
  // In the editor, every delivery is shown and none is remembered: the published workflow must get it too.
  const seen = context.getMode() === "manual" ? undefined : new SeenEvents(context);
  if (seen?.add(event) === false) return { webhookResponse: { received: true, repeated: true } };
  const json = toJson(event);
  try {
    if (options.includeOutputs) json.files = await listFiles(context, event.jobId);
  } catch (error) {
    seen?.forget(event);
    throw toNodeError(context.getNode(), error);
  }
  return { workflowData: [context.helpers.returnJsonArray([json])] };
}

/** @throws NodeOperationError if every event would be refused */
export async function checkSecret(
  context: Pick<FunctionsBase, "getCredentials" | "getNode">,
  options: IDataObject,
): Promise<RenderjuiceCredentials> {
  const credentials = await readCredentials(context);
  if (credentials.webhookSecrets.length > 0 || options.acceptUnsigned) return credentials;
  throw new NodeOperationError(context.getNode(), "The credential has no webhook signing secret.", {
    description:
      "Copy it from the Renderjuice dashboard (Profile & Settings > Webhooks), or turn on Accept Unsigned Events.",
  });
}

async function readEvent(context: IWebhookFunctions, options: IDataObject): Promise<WebhookEvent> {
  const { webhookSecrets } = await checkSecret(context, options);
  const { rawBody } = context.getRequestObject();
  if (webhookSecrets.length === 0) return parseWebhookEvent(rawBody);
  return verifyWebhook({
    body: rawBody,
    headers: context.getHeaderData(),
    secret: webhookSecrets,
    toleranceMs: Number(options.toleranceSeconds ?? 300) * 1000,
  });
}

function isWanted(context: IWebhookFunctions, options: IDataObject, event: WebhookEvent): boolean {
  const events = context.getNodeParameter("events", []) as string[];
  const { workspaceId } = options;
  return events.includes(event.event) && (!workspaceId || event.workspaceId === workspaceId);
}

/** Tells the sender which check failed, but nothing that would help to pass it. */
function refuse(context: IWebhookFunctions, error: unknown): IWebhookResponseData {
  const { status, code, message, hint = "" } = describeRefusal(error);
  context.logger.warn(`Renderjuice Trigger refused an event: ${message} ${hint}`.trimEnd());
  context.getResponseObject().status(status).json({ error: { code } });
  return { noWebhookResponse: true };
}

async function listFiles(context: IWebhookFunctions, jobId: string): Promise<IDataObject[]> {
  const client = await createN8nClient(context);
  const { outputs } = planOutputs(await client.jobs.downloads(jobId));
  return outputs.map((output) => ({ ...describeOutput(jobId, output), url: output.url }));
}

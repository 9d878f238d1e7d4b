import { ApiError, ConnectionError, describeError, type ErrorCode } from "@renderjuice/core";
import { type ErrorHints, wasStartRefused } from "@renderjuice/core/adapter";
import { type IDataObject, type INode, NodeApiError, NodeOperationError } from "n8n-workflow";

export type NodeError = NodeApiError | NodeOperationError;

/** Where the next step in n8n is not the one that core suggests. */
const HINTS: ErrorHints = {
  scene_incomplete:
    "Pack the files into the .blend (File > External Data > Pack Resources), or send a .zip that contains them. To render without them, turn off Require Complete Scene, or start the render of this job (Job > Start Render).",
  missing_api_key: "Enter the key from the Renderjuice dashboard in the Renderjuice credential.",
  authentication_failed:
    "Check the Renderjuice credential: the key may be mistyped, revoked, or for a different server than its base URL.",
};

/** There is nothing left to do with these jobs, or the hint says what. */
const NOTHING_LEFT: ReadonlySet<unknown> = new Set<ErrorCode>([
  "job_failed",
  "job_canceled",
  "scene_incomplete",
  "not_found",
]);

/** n8n's error for whatever was thrown: message, what to do next, and the item it is about. Redacted. */
export function toNodeError(node: INode, error: unknown, itemIndex?: number): NodeError {
  const nodeError = wrap(node, error);
  if (itemIndex !== undefined) nodeError.context.itemIndex ??= itemIndex;
  // If the error of a failed execution contains this word, n8n takes it for an execution that a person stopped.
  nodeError.message = nodeError.message.replaceAll("canceled", "cancelled");
  return nodeError;
}

function wrap(node: INode, error: unknown): NodeError {
  if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
  const { code, message, hint = "", jobId, stack } = describeError(error, { hints: HINTS });
  const description = [hint, describeJob(error, code, jobId)].filter((text) => text !== "").join(" ");
  const httpCode = ApiError.isInstance(error) ? String(error.status) : null;
  const nodeError =
    httpCode !== null || ConnectionError.isInstance(error)
      ? // A plain object: n8n would take the description from the response body instead of ours.
        new NodeApiError(node, { message, httpCode }, { message, description })
      : new NodeOperationError(node, message, { description });
  // For system codes n8n has its own sentences, which do not name the host.
  nodeError.message = message;
  if (stack !== undefined) nodeError.stack = stack;
  // Error workflows get these too.
  Object.assign(nodeError.context, { code, jobId });
  return nodeError;
}

/** What can still be done with a job that the error leaves behind. */
function describeJob(error: unknown, code: string, jobId: string | undefined): string {
  if (jobId === undefined || NOTHING_LEFT.has(code)) return "";
  if (wasStartRefused(error)) return `Job ${jobId} was not started and is not billed.`;
  return `Job ${jobId} exists and may be rendering. Instead of submitting the scene again, continue with its ID: Job > Get, Wait or Cancel, Output > Download.`;
}

/**
 * The item that replaces a result if the node continues after a failure. n8n sends it to the node's error output only if it
 * has no other members than these, and drops the details of an error object.
 */
export function toErrorJson(error: NodeError): IDataObject {
  const { message, description, context } = error;
  const httpCode = error instanceof NodeApiError ? error.httpCode : null;
  return {
    error: message,
    details: {
      code: context.code as string | undefined,
      description: description || undefined,
      httpCode: httpCode ?? undefined,
      jobId: context.jobId as string | undefined,
    },
  };
}

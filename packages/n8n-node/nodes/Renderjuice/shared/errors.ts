import { ApiError, ConnectionError, type ErrorCode, RenderjuiceError } from "@renderjuice/core";
import { wasStartRefused } from "@renderjuice/core/adapter";
import { type IDataObject, type INode, NodeApiError, NodeOperationError } from "n8n-workflow";

export type NodeError = NodeApiError | NodeOperationError;

/** Where the next step is another in n8n than elsewhere. */
const HINTS: Partial<Record<ErrorCode, string>> = {
  scene_incomplete:
    "Pack the files into the .blend (File > External Data > Pack Resources), or send a .zip that holds them. To render without them, turn Require Complete Scene off, or start the render of this job (Job > Start Render).",
  missing_api_key: "Put the key from the Renderjuice dashboard into the Renderjuice credential.",
  authentication_failed:
    "Check the Renderjuice credential: the key may be mistyped, revoked, or made for another server than its base URL names.",
};

/** Of these jobs there is nothing to go on with, or the hint says how. */
const NOTHING_LEFT: ReadonlySet<ErrorCode> = new Set([
  "job_failed",
  "job_canceled",
  "scene_incomplete",
  "not_found",
]);

/** n8n's error for one of core's: message, what to do next, and the item it is about. */
export function toNodeError(node: INode, error: unknown, itemIndex?: number): NodeError {
  const nodeError = wrap(node, error, itemIndex);
  // n8n takes a failed execution whose error has this word for one that a person has stopped.
  nodeError.message = nodeError.message.replaceAll("canceled", "cancelled");
  return nodeError;
}

function wrap(node: INode, error: unknown, itemIndex: number | undefined): NodeError {
  if (error instanceof NodeApiError || error instanceof NodeOperationError) {
    if (itemIndex !== undefined) error.context.itemIndex ??= itemIndex;
    return error;
  }
  if (!RenderjuiceError.isInstance(error)) {
    return new NodeOperationError(node, error instanceof Error ? error : String(error), {
      ...(itemIndex !== undefined && { itemIndex }),
    });
  }
  const { message } = error;
  const hint = hintFor(error);
  const options = { ...(hint && { description: hint }), ...(itemIndex !== undefined && { itemIndex }) };
  const httpCode = readHttpCode(error);
  const nodeError =
    httpCode !== undefined || ConnectionError.isInstance(error)
      ? // A plain object: n8n would take its description from the answer's body instead of ours.
        new NodeApiError(node, { message, httpCode: httpCode ?? null }, { message, ...options })
      : new NodeOperationError(node, message, options);
  // For codes of the system n8n has sentences of its own, which do not name the host.
  nodeError.message = message;
  // Error workflows get it too.
  Object.assign(nodeError.context, {
    code: error.code,
    ...(error.jobId !== undefined && { jobId: error.jobId }),
  });
  return nodeError;
}

/**
 * The item that takes the place of a result when the node is to go on after a failure. n8n sends it to the node's error
 * output only when it has no members but these, and would throw the details away if they came as an error object.
 */
export function toErrorJson(error: unknown): IDataObject {
  if (!RenderjuiceError.isInstance(error)) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
  const hint = hintFor(error);
  const httpCode = readHttpCode(error);
  return {
    error: error.message,
    details: {
      code: error.code,
      ...(hint && { description: hint }),
      ...(httpCode && { httpCode }),
      ...(error.jobId !== undefined && { jobId: error.jobId }),
    },
  };
}

function hintFor(error: RenderjuiceError): string | undefined {
  const hint = HINTS[error.code] ?? error.hint;
  if (error.jobId === undefined || NOTHING_LEFT.has(error.code)) return hint;
  if (wasStartRefused(error))
    return `${hint ?? ""} Job ${error.jobId} was not started and is not billed.`.trim();
  return `${hint ?? ""} Job ${error.jobId} exists and may be rendering: go on with it by its ID (Job > Get, Wait or Cancel, Output > Download) instead of submitting the scene again.`.trim();
}

function readHttpCode(error: RenderjuiceError): string | undefined {
  return ApiError.isInstance(error) ? String(error.status) : undefined;
}

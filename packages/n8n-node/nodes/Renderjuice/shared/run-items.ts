import type { IExecuteFunctions, INodeExecutionData } from "n8n-workflow";
import pLimit from "p-limit";
import { createN8nClient } from "./client.ts";
import { type NodeError, toErrorJson, toNodeError } from "./errors.ts";
import type { Operation, OperationCall } from "./operation.ts";
import { RequestBodies } from "./request-bodies.ts";
import { StartedJobs } from "./started-jobs.ts";
import { SubmittedJobs } from "./submitted-jobs.ts";

/** More at a time would only share the same line. */
const UPLOADS_AT_A_TIME = 3;
const DOWNLOADS_AT_A_TIME = 8;

/**
 * Runs an operation for all items at a time: a hundred waiting jobs are one list request per poll. Results come in the
 * order of the items.
 *
 * @throws NodeApiError, NodeOperationError for the first item that fails, unless the node is to go on.
 */
export async function runItems(
  context: IExecuteFunctions,
  findOperation: (itemIndex: number) => Operation,
): Promise<INodeExecutionData[]> {
  const failed = new AbortController();
  const shared = await createSharedCall(context, failed.signal);
  const failures: NodeError[] = [];
  const results = await Promise.all(
    context.getInputData().map(async (_item, itemIndex) => {
      const pairedItem = { item: itemIndex };
      try {
        const operation = findOperation(itemIndex);
        const results = await operation.run({ ...shared, itemIndex, operation });
        return results.map((result) => ({ ...result, pairedItem }));
      } catch (error) {
        failures.push(toNodeError(context.getNode(), error, itemIndex));
        // The others stop to wait; their jobs go on.
        if (!context.continueOnFail()) failed.abort(error);
        return [{ json: toErrorJson(error), pairedItem }];
      }
    }),
  );
  shared.startedJobs.clear();
  const [first] = failures;
  // With a failure n8n may run all items again, also when the node goes on after errors.
  if (!first) shared.submittedJobs.clear();
  // Only now: a retry finds what each of the others has done.
  if (first && !context.continueOnFail()) throw first;
  return results.flat();
}

async function createSharedCall(
  context: IExecuteFunctions,
  failed: AbortSignal,
): Promise<Omit<OperationCall, "itemIndex" | "operation">> {
  const bodies = new RequestBodies();
  const stopped = context.getExecutionCancelSignal();
  return {
    context,
    bodies,
    client: await createN8nClient(context, bodies),
    startedJobs: await StartedJobs.open(context),
    submittedJobs: new SubmittedJobs(context),
    uploads: pLimit(UPLOADS_AT_A_TIME),
    downloads: pLimit(DOWNLOADS_AT_A_TIME),
    signal: stopped ? AbortSignal.any([stopped, failed]) : failed,
  };
}

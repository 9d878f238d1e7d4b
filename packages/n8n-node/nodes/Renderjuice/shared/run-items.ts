import type { IExecuteFunctions, INodeExecutionData } from "n8n-workflow";
import pLimit from "p-limit";
import { createN8nClient } from "./client.ts";
import { type NodeError, toErrorJson, toNodeError } from "./errors.ts";
import type { Operation, OperationCall } from "./operation.ts";
import { RequestBodies } from "./request-bodies.ts";
import { StartedJobs } from "./started-jobs.ts";
import { SubmittedJobs } from "./submitted-jobs.ts";

/** Running more at the same time would only share the same bandwidth. */
const UPLOADS_AT_ONCE = 3;
const DOWNLOADS_AT_ONCE = 8;

/**
 * Runs an operation for all items at the same time: waiting for a hundred jobs takes one list request per poll. Results are
 * in the order of the items.
 *
 * @throws NodeApiError, NodeOperationError for the first item that fails, unless the node continues after errors
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
        const failure = toNodeError(context.getNode(), error, itemIndex);
        failures.push(failure);
        // The other items stop waiting. Their jobs continue.
        if (!context.continueOnFail()) failed.abort(error);
        return [{ json: toErrorJson(failure), pairedItem }];
      }
    }),
  );
  shared.startedJobs.clear();
  const [first] = failures;
  // After a failure, n8n may run all items again, even if the node continues after errors.
  if (!first) shared.submittedJobs.clear();
  // Not earlier: a retry must find what every other item has done.
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
    uploads: pLimit(UPLOADS_AT_ONCE),
    downloads: pLimit(DOWNLOADS_AT_ONCE),
    signal: stopped ? AbortSignal.any([stopped, failed]) : failed,
  };
}

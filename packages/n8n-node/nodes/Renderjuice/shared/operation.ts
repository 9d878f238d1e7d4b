import type { RenderClient } from "@renderjuice/core";
import {
  type IExecuteFunctions,
  type INodeExecutionData,
  type INodeProperties,
  NodeOperationError,
} from "n8n-workflow";
import type { LimitFunction } from "p-limit";
import type { RequestBodies } from "./request-bodies.ts";
import type { StartedJobs } from "./started-jobs.ts";
import type { SubmittedJobs } from "./submitted-jobs.ts";

/** What an operation works with, for one item of one execution. */
export interface OperationCall {
  readonly context: IExecuteFunctions;
  readonly itemIndex: number;
  readonly operation: Operation;
  /** Shared by all items. */
  readonly client: RenderClient;
  readonly bodies: RequestBodies;
  readonly startedJobs: StartedJobs;
  readonly submittedJobs: SubmittedJobs;
  /** Limit how many uploads and downloads run at the same time. */
  readonly uploads: LimitFunction;
  readonly downloads: LimitFunction;
  /** Aborted if the execution is stopped or another item fails. */
  readonly signal: AbortSignal;
}

export type OperationResult = Pick<INodeExecutionData, "json" | "binary">;

export interface Operation {
  readonly value: string;
  /** In Title Case, as the list of operations shows it. */
  readonly name: string;
  /** In sentence case, as the node panel shows it. */
  readonly action: string;
  readonly description: string;
  readonly properties: readonly INodeProperties[];
  readonly run: (call: OperationCall) => Promise<readonly OperationResult[]>;
}

export interface Resource {
  readonly value: string;
  readonly name: string;
  readonly defaultOperation: string;
  readonly operations: readonly Operation[];
}

/** The fields of a resource: its list of operations, and the fields of each operation. */
export function describeResource({
  value: resource,
  operations,
  defaultOperation,
}: Resource): INodeProperties[] {
  return [
    {
      displayName: "Operation",
      name: "operation",
      type: "options",
      noDataExpression: true,
      displayOptions: { show: { resource: [resource] } },
      options: operations.map(({ value, name, action, description }) => ({
        value,
        name,
        action,
        description,
      })),
      default: defaultOperation,
    },
    ...operations.flatMap(({ value: operation, properties }) =>
      properties.map((property) => ({
        ...property,
        displayOptions: {
          ...property.displayOptions,
          show: { ...property.displayOptions?.show, resource: [resource], operation: [operation] },
        },
      })),
    ),
  ];
}

/** The operation that is selected for an item. */
export function findOperation(
  resources: readonly Resource[],
  context: IExecuteFunctions,
  itemIndex: number,
): Operation {
  const read = (name: string) => context.getNodeParameter(name, itemIndex);
  const resource = resources.find(({ value }) => value === read("resource"));
  const operation = resource?.operations.find(({ value }) => value === read("operation"));
  if (operation) return operation;
  throw new NodeOperationError(
    context.getNode(),
    `There is no operation "${read("operation")}" for "${read("resource")}".`,
    {
      itemIndex,
      description:
        "Select the resource and the operation again. The installed node may be older than the workflow.",
    },
  );
}

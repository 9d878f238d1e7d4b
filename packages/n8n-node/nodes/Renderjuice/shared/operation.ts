import type { RenderClient } from "@renderjuice/core";
import {
  type IDataObject,
  type IExecuteFunctions,
  type INodeExecutionData,
  type INodeProperties,
  NodeOperationError,
} from "n8n-workflow";
import type { LimitFunction } from "p-limit";
import type { RequestBodies } from "./request-bodies.ts";
import type { StartedJobs } from "./started-jobs.ts";
import type { SubmittedJobs } from "./submitted-jobs.ts";

/** What an operation works with: one item of one execution. */
export interface OperationCall {
  readonly context: IExecuteFunctions;
  readonly itemIndex: number;
  /** Shared by all items. */
  readonly client: RenderClient;
  readonly bodies: RequestBodies;
  readonly startedJobs: StartedJobs;
  readonly submittedJobs: SubmittedJobs;
  /** Runs an upload, or a download, when it is its turn. */
  readonly uploads: LimitFunction;
  readonly downloads: LimitFunction;
  /** Aborted when the execution is stopped, or another item has failed. */
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

/** The fields of a resource: its list of operations, and for each what belongs to it. */
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

/** Reads the fields of one item; an empty text counts as not given. */
export class Fields {
  readonly #call: OperationCall;

  constructor(call: OperationCall) {
    this.#call = call;
  }

  text(name: string): string | undefined {
    return String(this.#read(name) ?? "").trim() || undefined;
  }

  flag(name: string): boolean {
    return this.#read(name) === true;
  }

  number(name: string): number {
    return Number(this.#read(name));
  }

  list(name: string): string[] {
    const value = this.#read(name);
    return Array.isArray(value) ? value.map(String) : [];
  }

  collection(name: string): IDataObject {
    return (this.#read(name) as IDataObject | undefined) ?? {};
  }

  /** The job that the locator names. @throws NodeOperationError (by n8n) when there is none. */
  jobId(): string {
    const { context, itemIndex } = this.#call;
    return String(context.getNodeParameter("jobId", itemIndex, "", { extractValue: true })).trim();
  }

  #read(name: string): unknown {
    const { context, itemIndex } = this.#call;
    // Without a fallback n8n throws for a field that is not shown.
    return context.getNodeParameter(name, itemIndex, null);
  }
}

/** The operation that an item's fields choose. */
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
      description: "Choose the resource and the operation again: the node may be older than the workflow.",
    },
  );
}

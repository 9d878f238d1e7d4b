import { randomUUID } from "node:crypto";

export type Parameters = Readonly<Record<string, unknown>>;

/** A node, as in the JSON of a workflow. */
export interface WorkflowNode {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly typeVersion: number;
  readonly position: readonly [number, number];
  readonly parameters: Parameters;
  readonly webhookId?: string;
  readonly onError?: "continueRegularOutput" | "continueErrorOutput" | "stopWorkflow";
  readonly retryOnFail?: boolean;
  readonly maxTries?: number;
  readonly waitBetweenTries?: number;
  readonly credentials?: Readonly<Record<string, { readonly id: string; readonly name: string }>>;
}

interface Connection {
  readonly node: string;
  readonly type: "main";
  readonly index: number;
}

export interface Workflow {
  readonly name: string;
  readonly nodes: readonly WorkflowNode[];
  readonly connections: Readonly<Record<string, { readonly main: readonly (readonly Connection[])[] }>>;
  readonly settings: Parameters;
}

export const SETTINGS = {
  executionOrder: "v1",
  saveDataSuccessExecution: "all",
  saveDataErrorExecution: "all",
  saveExecutionProgress: false,
  saveManualExecutions: true,
};

export function node(
  name: string,
  type: string,
  parameters: Parameters = {},
  more: Partial<WorkflowNode> = {},
): WorkflowNode {
  return { id: randomUUID(), name, type, typeVersion: 1, position: [0, 0], parameters, ...more };
}

/** Starts the workflow. It responds with the execution's id before the other nodes run. */
export function webhookNode(name = "Webhook"): WorkflowNode {
  const parameters = {
    path: randomUUID(),
    httpMethod: "POST",
    responseMode: "onReceived",
    options: { responseData: "={{ $execution.id }}" },
  };
  return node(name, "n8n-nodes-base.webhook", parameters, { typeVersion: 2, webhookId: randomUUID() });
}

/** Reads a file of `filesFolder` into the binary field `data`. */
export function readFileNode(path: string, name = "File"): WorkflowNode {
  return node(name, "n8n-nodes-base.readWriteFile", { fileSelector: path, options: {} });
}

/** Under 65 seconds, the process waits. For longer waits, n8n parks the execution in its database. */
export function waitNode(seconds: number, name = "Wait"): WorkflowNode {
  const parameters = { resume: "timeInterval", amount: seconds, unit: "seconds" };
  return node(name, "n8n-nodes-base.wait", parameters, { typeVersion: 1.1, webhookId: randomUUID() });
}

export function noOpNode(name = "End"): WorkflowNode {
  return node(name, "n8n-nodes-base.noOp");
}

/** A workflow that runs the nodes one after the other. */
export function chain(nodes: readonly WorkflowNode[], name = "test"): Workflow {
  const placed = nodes.map((one, index) => ({ ...one, position: [index * 220, 0] as const }));
  const links = nodes.slice(1).map(({ name: next }, index) => {
    const main: Connection[][] = [[{ node: next, type: "main", index: 0 }]];
    return [nodes[index]?.name ?? "", { main }] as const;
  });
  return { name, nodes: placed, connections: Object.fromEntries(links), settings: SETTINGS };
}

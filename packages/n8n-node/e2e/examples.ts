import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import {
  node,
  SETTINGS,
  type Workflow,
  type WorkflowNode,
  webhookNode,
} from "../../../hosts/n8n/workflows.ts";
import { CREDENTIAL } from "./renderjuice.ts";

interface Adaptation {
  /** Values for the node "Settings". */
  readonly settings?: Readonly<Record<string, string>>;
  /** Where rows come from instead of a Google sheet. */
  readonly sheetUrl?: string;
  /** The id of a credential for the bucket. */
  readonly s3CredentialId?: string;
  /** How it is started: by a call, unless it is opened in the editor. */
  readonly startedBy?: "webhook" | "editor";
}

/** An example, as it is after the import and the steps in its note: with values and credentials. */
export async function loadExample(name: string, adaptation: Adaptation = {}): Promise<Workflow> {
  const file = new URL(`../../../examples/n8n-flows/${name}.json`, import.meta.url);
  const workflow = JSON.parse(await readFile(file, "utf8")) as Workflow;
  const nodes = workflow.nodes.map((one) => adapt(one, adaptation));
  return { name: workflow.name, nodes, connections: workflow.connections, settings: SETTINGS };
}

function adapt(one: WorkflowNode, adaptation: Adaptation) {
  const { settings = {}, sheetUrl = "", s3CredentialId = "", startedBy = "webhook" } = adaptation;
  const fresh = one.webhookId ? { ...one, webhookId: randomUUID() } : one;
  const type = one.type.replace(/^n8n-nodes-base\./, "");
  if (startedBy === "webhook" && (type === "manualTrigger" || type === "scheduleTrigger"))
    return webhookNode(one.name);
  if (type === "googleSheets")
    return node(one.name, "n8n-nodes-base.httpRequest", { url: sheetUrl, options: {} }, { typeVersion: 4.2 });
  if (one.name === "Settings") return { ...fresh, parameters: fillIn(one.parameters, settings) };
  // Tests must not sleep longer.
  if (one.name === "Sleep")
    return { ...fresh, parameters: { resume: "timeInterval", amount: 1, unit: "seconds" } };
  if (type === "s3") return { ...fresh, credentials: { s3: { id: s3CredentialId, name: "Bucket" } } };
  if (!type.startsWith("n8n-nodes-renderjuice")) return fresh;
  return { ...fresh, credentials: { [CREDENTIAL.type]: { id: CREDENTIAL.id, name: CREDENTIAL.name } } };
}

interface Assignment {
  readonly name: string;
  readonly value: string;
}

function fillIn(parameters: WorkflowNode["parameters"], settings: Readonly<Record<string, string>>) {
  const { assignments } = (parameters.assignments ?? {}) as { assignments?: readonly Assignment[] };
  const filled = (assignments ?? []).map((one) => ({ ...one, value: settings[one.name] ?? one.value }));
  return { ...parameters, assignments: { assignments: filled } };
}

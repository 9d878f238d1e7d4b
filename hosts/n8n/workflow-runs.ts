import { type Execution, hasEnded, parseExecution, type RawExecution } from "./executions.ts";
import { waitUntil } from "./processes.ts";
import type { Rest } from "./rest-client.ts";
import type { Workflow } from "./workflows.ts";

interface ExecutionSummary {
  readonly id: string;
  readonly status: string;
}

type ExecutionTest = (execution: ExecutionSummary) => boolean;

/** What tests can do with workflows. */
export interface WorkflowRuns {
  /** @returns its id in n8n */
  addWorkflow(workflow: Workflow): Promise<string>;
  /** Resolves once the triggers are active. Throws n8n's message if one cannot be activated. */
  publish(workflowId: string): Promise<void>;
  /** Starts a published workflow through its webhook node. @returns the execution's id */
  start(workflowId: string, input?: unknown): Promise<string>;
  /** Adds, publishes and starts a workflow, then waits until it has ended. */
  run(workflow: Workflow, input?: unknown): Promise<Execution>;
  /** Newest first. */
  executions(workflowId: string): Promise<readonly ExecutionSummary[]>;
  execution(id: string): Promise<Execution>;
  /** Waits until an execution has ended, or until `test` accepts it. */
  executionEnd(id: string, test?: ExecutionTest): Promise<Execution>;
  /** The same for the first execution of a workflow, which a trigger may start. */
  waitForExecution(workflowId: string, test?: ExecutionTest): Promise<Execution>;
}

interface SavedWorkflow extends Workflow {
  readonly id: string;
  readonly versionId: string;
}

interface PublicationStatus {
  readonly status: "in_progress" | "not_published" | "published" | "partial" | "failed";
  readonly triggers: readonly { readonly errorMessage: string | null }[];
}

export function createWorkflowRuns(url: string, rest: Rest, log: () => string): WorkflowRuns {
  const getWorkflow = (id: string) => rest<SavedWorkflow>("GET", `/rest/workflows/${id}`);

  async function addWorkflow(workflow: Workflow): Promise<string> {
    return (await rest<SavedWorkflow>("POST", "/rest/workflows", workflow)).id;
  }

  async function publish(workflowId: string): Promise<void> {
    const { versionId } = await getWorkflow(workflowId);
    await rest("POST", `/rest/workflows/${workflowId}/activate`, { versionId });
    await waitUntil(
      async () => {
        const path = `/rest/workflows/${workflowId}/publication-status`;
        const { status, triggers } = await rest<PublicationStatus>("GET", path);
        if (status === "published") return true;
        if (status !== "failed" && status !== "partial") return undefined;
        throw new Error(
          `The workflow was not published: ${triggers.map((one) => one.errorMessage).join(" ")}`,
        );
      },
      () => `The workflow was not published.\n${log()}`,
    );
  }

  async function start(workflowId: string, input: unknown = {}): Promise<string> {
    const { nodes } = await getWorkflow(workflowId);
    const webhook = nodes.find(({ type }) => type === "n8n-nodes-base.webhook");
    const response = await fetch(`${url}/webhook/${webhook?.parameters.path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(input),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`The webhook returned ${response.status}: ${text}`);
    return text;
  }

  async function executions(workflowId: string): Promise<readonly ExecutionSummary[]> {
    const filter = encodeURIComponent(JSON.stringify({ workflowId }));
    const path = `/rest/executions?limit=100&filter=${filter}`;
    return (await rest<{ results: ExecutionSummary[] }>("GET", path)).results;
  }

  async function execution(id: string): Promise<Execution> {
    return parseExecution(await rest<RawExecution>("GET", `/rest/executions/${id}`));
  }

  function executionEnd(id: string, test: ExecutionTest = hasEnded) {
    let seen: Execution | undefined;
    return waitUntil(
      async () => {
        seen = await execution(id);
        return test(seen) ? seen : undefined;
      },
      () => `Execution ${id} is still "${seen?.status}".\n${log()}`,
    );
  }

  async function waitForExecution(workflowId: string, test: ExecutionTest = hasEnded): Promise<Execution> {
    const id = await waitUntil(
      async () => (await executions(workflowId)).findLast(test)?.id,
      () => `No execution of workflow ${workflowId} reached that state.\n${log()}`,
    );
    return execution(id);
  }

  async function run(workflow: Workflow, input?: unknown): Promise<Execution> {
    const workflowId = await addWorkflow(workflow);
    await publish(workflowId);
    return executionEnd(await start(workflowId, input));
  }

  return { addWorkflow, publish, start, run, executions, execution, executionEnd, waitForExecution };
}

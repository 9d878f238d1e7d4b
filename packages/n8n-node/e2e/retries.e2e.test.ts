import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeN8n } from "../../../hosts/n8n/describe-n8n.ts";
import {
  chain,
  type Parameters,
  readFileNode,
  type WorkflowNode,
  webhookNode,
} from "../../../hosts/n8n/workflows.ts";
import { renderjuiceNode } from "./renderjuice.ts";
import { type Farm, startFarm } from "./with-farm.ts";

const SUBMIT = { resource: "job", operation: "submit", frames: "1-2", until: "finished" };
const THREE_TRIES = { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 };

describeN8n("a node that n8n runs again", () => {
  let farm: Farm;
  beforeAll(async () => {
    farm = await startFarm();
  });
  afterAll(() => farm[Symbol.asyncDispose]());

  /** What a run costs, and what it returns. */
  async function submitThree(parameters: Parameters, more: Partial<WorkflowNode>) {
    const { jobsCreated, rendersStarted } = farm.sandbox.statistics;
    const submit = { ...renderjuiceNode("Submit", { ...SUBMIT, ...parameters }), ...THREE_TRIES, ...more };
    const execution = await farm.n8n.run(chain([webhookNode(), await farm.readCopies(3), submit]));
    const after = farm.sandbox.statistics;
    return {
      ...execution,
      created: after.jobsCreated - jobsCreated,
      renders: after.rendersStarted - rendersStarted,
    };
  }

  // n8n checks only the first item when it decides about a retry.
  const BROKEN_FIRST = {
    from: '={{ $itemIndex === 0 ? "slug" : "binary" }}',
    slug: "never-uploaded",
    renderSettings: { notes: "={{ $now }}" },
  };

  test.each(["continueRegularOutput", "continueErrorOutput"] as const)(
    "three items, the first of them broken, three times with %s: two renders",
    async (onError) => {
      const { status, renders, created, nodes } = await submitThree(BROKEN_FIRST, { onError });
      expect(status).toBe("success");
      expect({ renders, created }).toEqual({ renders: 2, created: 2 });
      expect(nodes.Submit?.items.map(({ json }) => json)).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ error: expect.any(String) }),
          expect.objectContaining({ status: "completed", wasResumed: true }),
        ]),
      );
    },
  );

  test("the same if the node stops at an error", async () => {
    const { status, renders, created } = await submitThree(BROKEN_FIRST, {});
    expect(status).toBe("error");
    expect(renders).toBeLessThanOrEqual(2);
    expect(created).toBeLessThanOrEqual(2);
  });

  describe("an execution that a person retries", () => {
    /** Its first try creates a job and does not wait for it. */
    async function failOnce() {
      const impatient = { ...SUBMIT, timeLimitMinutes: 0.0001, onTimeLimit: "error" };
      const submit = renderjuiceNode("Submit", impatient);
      const workflowId = await farm.n8n.addWorkflow(chain([webhookNode(), readFileNode(farm.scene), submit]));
      await farm.n8n.publish(workflowId);
      const id = await farm.n8n.start(workflowId);
      expect((await farm.n8n.executionEnd(id)).status).toBe("error");
      return { id, workflowId };
    }

    /** "Retry with currently saved workflow", after the node was changed. */
    async function retry({ id, workflowId }: { id: string; workflowId: string }, changes: Parameters) {
      const path = `/rest/workflows/${workflowId}`;
      const workflow = await farm.n8n.rest<{ nodes: WorkflowNode[] }>("GET", path);
      const nodes = workflow.nodes.map((node) =>
        node.name === "Submit" ? { ...node, parameters: { ...node.parameters, ...changes } } : node,
      );
      await farm.n8n.rest("PATCH", path, { ...workflow, nodes });
      const before = farm.sandbox.statistics.jobsCreated;
      const retried = await farm.n8n.rest<{ id: string }>("POST", `/rest/executions/${id}/retry`, {
        loadWorkflow: true,
      });
      const execution = await farm.n8n.executionEnd(retried.id);
      const created = farm.sandbox.statistics.jobsCreated - before;
      return { created, json: execution.nodes.Submit?.items[0]?.json };
    }

    test("resumes its job, and says so", async () => {
      const { created, json } = await retry(await failOnce(), { timeLimitMinutes: 5 });
      expect(created).toBe(0);
      expect(json).toMatchObject({
        status: "completed",
        wasResumed: true,
        warnings: [expect.stringContaining("was resumed")],
      });
    });

    test("creates another job if the frames are different, and says what happens to the first", async () => {
      const { created, json } = await retry(await failOnce(), { timeLimitMinutes: 5, frames: "1-3" });
      expect(created).toBe(1);
      expect(json).toMatchObject({
        wasResumed: false,
        warnings: [expect.stringMatching(/^Job \S+ from an earlier try differs in its frames/)],
      });
    });
  });
});

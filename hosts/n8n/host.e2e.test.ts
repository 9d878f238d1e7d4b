import { afterAll, beforeAll, expect, test } from "vitest";
import { describeN8n, describeN8nQueue } from "./describe-n8n.ts";
import { QUICK_STALL_CHECK } from "./environment.ts";
import { type N8n, type N8nWorker, startN8n } from "./start-n8n.ts";
import { chain, node, noOpNode, waitNode, webhookNode } from "./workflows.ts";

describeN8n("an n8n on this machine", () => {
  test("runs a workflow and connects to no other machine", async () => {
    await using n8n = await startN8n();
    const { status, nodes } = await n8n.run(chain([webhookNode(), noOpNode()]), { scene: "shot.blend" });
    expect(status).toBe("success");
    expect(nodes.End?.items[0]?.json.body).toEqual({ scene: "shot.blend" });
    expect(await n8n.connections()).toEqual([]);
  });

  test("records connections, and shows why a node failed", async () => {
    await using n8n = await startN8n();
    const request = node(
      "Ask",
      "n8n-nodes-base.httpRequest",
      { url: "http://farm.invalid" },
      { typeVersion: 4.2 },
    );
    const { status, nodes } = await n8n.run(chain([webhookNode(), request]));
    expect(status).toBe("error");
    expect(nodes.Ask?.error?.message).toContain("cannot be established");
    expect(await n8n.connections()).toEqual(["farm.invalid"]);
  });

  test("serves the whole editor from this machine", async () => {
    await using n8n = await startN8n({ ui: true });
    const page = await (await fetch(n8n.url)).text();
    expect(page).toContain("n8n.io");
    expect(page).not.toMatch(/<(script|link)[^>]+(src|href)="https?:/);
  });

  test("says why it cannot start", async () => {
    await expect(startN8n({ env: { N8N_DISABLED_MODULES: "no-such-module" } })).rejects.toThrow(
      /no-such-module/,
    );
  });
});

describeN8nQueue("an n8n with workers", () => {
  let n8n: N8n;
  beforeAll(async () => {
    n8n = await startN8n({ workers: 2, env: QUICK_STALL_CHECK });
  });
  afterAll(() => n8n[Symbol.asyncDispose]());

  async function publishWaiting(seconds: number): Promise<string> {
    const workflowId = await n8n.addWorkflow(chain([webhookNode(), waitNode(seconds), noOpNode()]));
    await n8n.publish(workflowId);
    return workflowId;
  }

  test("distributes executions and connects to no other machine", async () => {
    const workflowId = await publishWaiting(1);
    const ids = await Promise.all(Array.from({ length: 10 }, () => n8n.start(workflowId)));
    const ends = await Promise.all(ids.map((id) => n8n.executionEnd(id)));
    expect(ends.map(({ status }) => status)).toEqual(Array(10).fill("success"));
    for (const worker of n8n.workers) expect(worker.log()).toContain("Worker finished execution");
    expect(await n8n.connections()).toEqual([]);
  });

  test("continues when a worker is killed; the execution of that worker ends with an error", async () => {
    const id = await n8n.start(await publishWaiting(60));
    const takesIt = (worker: N8nWorker) => worker.log().includes(`Worker started execution ${id} `);
    await expect.poll(() => n8n.workers.some(takesIt), { timeout: 30_000 }).toBe(true);
    const [killed] = n8n.workers.filter(takesIt);
    await killed?.kill("SIGKILL");
    expect(n8n.workers.filter((worker) => worker.isRunning())).toHaveLength(1);
    // After the stall check, n8n gives the execution 30 more seconds.
    expect(await n8n.executionEnd(id)).toMatchObject({ status: "error" });
    expect(await n8n.run(chain([webhookNode(), noOpNode()]))).toMatchObject({ status: "success" });
  });
});

import { createNodeClient } from "@renderjuice/core/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeN8n } from "../../../hosts/n8n/describe-n8n.ts";
import { chain, readFileNode, webhookNode } from "../../../hosts/n8n/workflows.ts";
import { renderjuiceNode } from "./renderjuice.ts";
import { type Farm, startFarm, THIS_JOB } from "./with-farm.ts";

const SUBMIT = { resource: "job", operation: "submit", frames: "1-500" };

describeN8n("waiting in a real n8n", () => {
  let farm: Farm;
  beforeAll(async () => {
    // Renders take longer than any test waits.
    farm = await startFarm({ simulatedStepMs: 300 });
  });
  afterAll(() => farm[Symbol.asyncDispose]());

  async function findJobs() {
    const { apiKeys, url } = farm.sandbox;
    await using client = createNodeClient({ apiKey: apiKeys[0] ?? "", baseUrl: url, env: {} });
    return (await client.jobs.list({ pageSize: 50 })).jobs;
  }

  /** Starts a workflow that waits for a render, and stops it during the wait. */
  async function stopWhileWaiting(parameters: Record<string, unknown>) {
    const { n8n, sandbox, scene } = farm;
    const before = sandbox.statistics.rendersStarted;
    const submit = renderjuiceNode("Submit", { ...SUBMIT, until: "finished", ...parameters });
    const workflowId = await n8n.addWorkflow(chain([webhookNode(), readFileNode(scene), submit]));
    await n8n.publish(workflowId);
    const id = await n8n.start(workflowId);
    await expect.poll(() => sandbox.statistics.rendersStarted, { timeout: 20_000 }).toBe(before + 1);
    await n8n.rest("POST", `/rest/executions/${id}/stop`);
    const { status } = await n8n.executionEnd(id);
    expect(status).toBe("canceled");
    const [job] = await findJobs();
    return job?.id;
  }

  const statusOf = async (id: string | undefined) => (await findJobs()).find((job) => job.id === id)?.status;

  test("a stopped execution does not affect the render", async () => {
    const id = await stopWhileWaiting({});
    expect(await statusOf(id)).toBe("rendering");
  });

  test("a stopped execution cancels the render if the node is set to do so", async () => {
    const id = await stopWhileWaiting({ cancelOnStop: true });
    await expect.poll(() => statusOf(id), { timeout: 10_000 }).toBe("canceled");
  });

  test("a canceled render is not started again, and this is reported", async () => {
    const { status, results } = await farm.run(
      { ...SUBMIT, until: "started" },
      { resource: "job", operation: "cancel", ...THIS_JOB },
      { resource: "job", operation: "startRender", ...THIS_JOB },
    );
    expect(status).toBe("error");
    expect(results[2]?.error).toMatchObject({ message: expect.stringMatching(/^Job \S+ was cancelled/) });
  });

  test("at the time limit, the node returns the job's status or fails", async () => {
    const limit = { timeLimitMinutes: 0.03 };
    const { json } = await farm.run({ ...SUBMIT, until: "finished", ...limit });
    expect(json[0]).toMatchObject([{ isTimedOut: true, isFinal: false }]);
    const failed = await farm.run({ ...SUBMIT, until: "finished", ...limit, onTimeLimit: "error" });
    expect(failed.results[0]?.error).toMatchObject({
      message: expect.stringContaining("time limit of 1.8 s was reached"),
      description: expect.stringContaining("keeps running"),
    });
  });

  test("for a failed job, the wait ends with an error or returns its status", async () => {
    const wait = { resource: "job", operation: "wait", ...THIS_JOB };
    farm.sandbox.faults.add("render-crash*all");
    const failed = await farm.run({ ...SUBMIT, until: "started" }, wait);
    expect(failed.results[1]?.error).toMatchObject({ message: expect.stringMatching(/^Job \S+ failed/) });
    farm.sandbox.faults.add("render-crash*all");
    const { json } = await farm.run({ ...SUBMIT, until: "started" }, { ...wait, failOnFailure: false });
    expect(json[1]).toMatchObject([{ status: "failed", isFinal: true, failedReason: expect.any(String) }]);
    farm.sandbox.faults.clear();
  });
});

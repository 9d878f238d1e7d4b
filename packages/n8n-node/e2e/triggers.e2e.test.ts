import { signWebhook } from "@renderjuice/core";
import { createNodeClient } from "@renderjuice/core/node";
import { createSandbox } from "@renderjuice/sandbox";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeN8n } from "../../../hosts/n8n/describe-n8n.ts";
import { chain, noOpNode, type Parameters, type WorkflowNode } from "../../../hosts/n8n/workflows.ts";
import { renderjuiceNode } from "./renderjuice.ts";
import { type Farm, startFarm, WEBHOOK_SECRET } from "./with-farm.ts";

describeN8n("the webhook trigger in a real n8n", () => {
  let farm: Farm;
  let workflowId: string;
  let url: string;
  beforeAll(async () => {
    farm = await startFarm();
    ({ workflowId, url } = await publishTrigger());
  });
  afterAll(() => farm[Symbol.asyncDispose]());

  async function publishTrigger(options: Parameters = {}, node: Partial<WorkflowNode> = {}) {
    const trigger = renderjuiceNode(
      "Trigger",
      { events: ["onRenderComplete"], options },
      { kind: "renderjuiceTrigger", ...node },
    );
    const id = await farm.n8n.addWorkflow(chain([trigger, noOpNode()]));
    await farm.n8n.publish(id);
    return { workflowId: id, url: `${farm.n8n.url}/webhook/${trigger.webhookId}/webhook` };
  }

  const countRuns = async () => (await farm.n8n.executions(workflowId)).length;

  async function deliver(
    event: object,
    { secret = WEBHOOK_SECRET, ageMs = 0, tamper = "", to = url, isSigned = true } = {},
  ) {
    const body = JSON.stringify(event);
    const headers = isSigned ? await signWebhook({ body, secret, nowMs: Date.now() - ageMs }) : {};
    return fetch(to, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: body + tamper,
    });
  }

  test("a completed render starts the workflow once, however often it is delivered", async () => {
    await using sender = await createSandbox({
      renderer: "simulated",
      simulatedScene: { frameEnd: 2, resolution: [32, 18] },
      webhook: { url, secret: WEBHOOK_SECRET },
      faults: ["webhook-duplicate"],
    });
    await using client = createNodeClient({
      apiKey: sender.apiKeys[0] ?? "",
      baseUrl: sender.url,
      env: {},
    });
    const { job } = await client.submit(farm.scene, { until: "finished" });
    const { nodes } = await farm.n8n.waitForExecution(workflowId);
    expect(nodes.Trigger?.items).toMatchObject([
      {
        json: {
          event: "onRenderComplete",
          jobId: job.id,
          outputs: { frames: [expect.any(String), expect.any(String)] },
        },
      },
    ]);
    await expect.poll(() => sender.deliveries().length).toBe(2);
    expect(sender.deliveries().map(({ outcome }) => outcome)).toEqual(["200", "200"]);
    expect(await countRuns()).toBe(1);
  });

  test.each([
    ["signed with another secret", { secret: "guessed" }],
    ["changed in transit", { tamper: " " }],
    ["ten minutes old", { ageMs: 600_000 }],
    ["not signed", { isSigned: false }],
  ])("an event that is %s is refused", async (_what, how) => {
    const before = await countRuns();
    const response = await deliver({ event: "onRenderComplete", jobId: "x" }, how);
    expect(response.status).toBe(401);
    expect(await countRuns()).toBe(before);
  });

  test("an event that was not selected is accepted, so that it is not sent again", async () => {
    const before = await countRuns();
    const response = await deliver({ event: "onSomethingNew", jobId: "x" });
    expect(response.status).toBe(200);
    expect(await countRuns()).toBe(before);
  });

  test("only events of the chosen workspace start the workflow", async () => {
    const trigger = await publishTrigger({ workspaceId: "film" });
    const event = { event: "onRenderComplete", jobId: "x" };
    expect((await deliver({ ...event, workspaceId: "series" }, { to: trigger.url })).status).toBe(200);
    expect((await deliver({ ...event, workspaceId: "film" }, { to: trigger.url })).status).toBe(200);
    const { nodes } = await farm.n8n.waitForExecution(trigger.workflowId);
    expect(nodes.Trigger?.items).toMatchObject([{ json: { workspaceId: "film" } }]);
    expect(await farm.n8n.executions(trigger.workflowId)).toHaveLength(1);
  });

  test("the files of the job are added to the event on request", async () => {
    const { json } = await farm.run({
      resource: "job",
      operation: "submit",
      frames: "1-2",
      until: "finished",
    });
    const trigger = await publishTrigger({ includeOutputs: true });
    await deliver({ event: "onRenderComplete", jobId: json[0]?.[0]?.jobId }, { to: trigger.url });
    const { nodes } = await farm.n8n.waitForExecution(trigger.workflowId);
    expect(nodes.Trigger?.items[0]?.json.files).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ frame: 1, url: expect.stringMatching(/^http/) }),
        expect.objectContaining({ frame: 2 }),
      ]),
    );
  });

  test("a test in the editor does not take the event away from the published workflow", async () => {
    const trigger = await publishTrigger({});
    const { n8n } = farm;
    const workflowData = await n8n.rest<object>("GET", `/rest/workflows/${trigger.workflowId}`);
    const listening = await n8n.rest("POST", `/rest/workflows/${trigger.workflowId}/run`, {
      workflowData,
      triggerToStartFrom: { name: "Trigger" },
    });
    expect(listening).toEqual({ waitingForWebhook: true });
    const event = { event: "onRenderComplete", jobId: "tested" };
    const testUrl = trigger.url.replace("/webhook/", "/webhook-test/");
    expect((await deliver(event, { to: testUrl })).status).toBe(200);
    expect(await (await deliver(event, { to: trigger.url })).text()).not.toContain("repeated");
    await expect.poll(() => farm.reported(trigger.workflowId)).toHaveLength(2);
  });

  test("without a secret it cannot be published, unless unsigned events are accepted", async () => {
    const data = { apiKey: farm.sandbox.apiKeys[0], baseUrl: farm.sandbox.url };
    const { id, name } = await farm.n8n.rest<{ id: string; name: string }>("POST", "/rest/credentials", {
      name: "Without a secret",
      type: "renderjuiceApi",
      data,
    });
    const node = { credentials: { renderjuiceApi: { id, name } } };
    const event = { event: "onRenderComplete", jobId: "x" };
    await expect(publishTrigger({}, node)).rejects.toThrow("The credential has no webhook signing secret.");
    const open = await publishTrigger({ acceptUnsigned: true }, node);
    expect((await deliver(event, { to: open.url, isSigned: false })).status).toBe(200);
    const { nodes } = await farm.n8n.waitForExecution(open.workflowId);
    expect(nodes.Trigger?.items).toMatchObject([{ json: event }]);
  });
});

describeN8n("the polling trigger in a real n8n", () => {
  test("reports completed, failed and canceled jobs of any program once, and no earlier ones", async () => {
    await using farm = await startFarm();
    const { n8n, sandbox, scene } = farm;
    await using client = createNodeClient({
      apiKey: sandbox.apiKeys[0] ?? "",
      baseUrl: sandbox.url,
      env: {},
    });
    await client.submit(scene, { until: "finished" });
    const trigger = renderjuiceNode(
      "Trigger",
      { pollTimes: { item: [{ mode: "everyMinute" }] }, events: ["completed", "failed", "canceled"] },
      { kind: "renderjuicePollingTrigger" },
    );
    const workflowId = await n8n.addWorkflow(chain([trigger, noOpNode()]));
    await n8n.publish(workflowId);
    const completed = await client.submit(scene, { frames: "1", until: "finished" });
    const waiting = await client.submit(scene, { until: "validated" });
    await client.jobs.cancel(waiting.job.id);
    sandbox.faults.add("render-crash*all");
    const failing = await client.submit(scene, { frames: "2", until: "started" });
    await client.jobs.waitFor(failing.job.id, { until: "finished", throwOnFailure: false });
    const reported = async () =>
      (await farm.reported(workflowId)).map(({ jobId, status }) => [jobId, status]);
    await expect.poll(async () => (await reported()).length, { timeout: 150_000, interval: 1000 }).toBe(3);
    expect((await reported()).toSorted()).toEqual(
      [
        [completed.job.id, "completed"],
        [waiting.job.id, "canceled"],
        [failing.job.id, "failed"],
      ].toSorted(),
    );
  });
});

import { readdirSync } from "node:fs";
import { signWebhook } from "@renderjuice/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeN8n } from "../../../hosts/n8n/describe-n8n.ts";
import { type Services, startServices } from "../../../hosts/n8n/services.ts";
import type { Workflow } from "../../../hosts/n8n/workflows.ts";
import { loadExample } from "./examples.ts";
import { type Farm, startFarm, WEBHOOK_SECRET } from "./with-farm.ts";

const TESTED = [
  "approve-a-scout-frame",
  "approve-to-render",
  "failure-triage-to-slack",
  "frames-to-s3",
  "long-render-wait-loop",
  "long-render-webhook",
  "nightly-batch-from-a-sheet",
  "settings-by-analysis",
  // In the editor, with real Blender.
  "submit-to-frames",
];

describe("the examples", () => {
  test("are all tested", () => {
    const names = readdirSync(new URL("../../../examples/n8n-flows", import.meta.url)).map((name) =>
      name.replace(/\.json$/, ""),
    );
    expect(names.toSorted()).toEqual(TESTED);
  });
});

describeN8n("an example in a real n8n", () => {
  let farm: Farm;
  let services: Services;
  beforeAll(async () => {
    farm = await startFarm();
    services = await startServices([
      { scene: farm.scene, frames: "1-2", samples: 8 },
      { scene: farm.scene, frames: "nonsense", samples: 8 },
      { scene: farm.scene, frames: "3", samples: 16 },
    ]);
  });
  afterAll(async () => {
    await services[Symbol.asyncDispose]();
    await farm[Symbol.asyncDispose]();
  });

  const settings = () => ({ scene: farm.scene, chatWebhook: `${services.url}/chat`, frames: "1-3" });

  /** Runs a workflow that asks a person, then follows one of the links. */
  async function answer(name: string, choice: "yes" | "no") {
    const { n8n } = farm;
    const workflowId = await n8n.addWorkflow(await loadExample(name, { settings: settings() }));
    await n8n.publish(workflowId);
    services.messages.length = 0;
    const id = await n8n.start(workflowId);
    await n8n.executionEnd(id, ({ status }) => status === "waiting");
    const [message = ""] = services.messages;
    const link = message.match(new RegExp(`http\\S+answer=${choice}`))?.[0] ?? "";
    expect((await fetch(link)).status).toBe(200);
    return { message, execution: await n8n.executionEnd(id) };
  }

  /** Publishes a workflow with our webhook trigger, and sends it the event of a completed job. */
  async function deliver(workflow: Workflow, jobId: unknown) {
    const { n8n } = farm;
    const workflowId = await n8n.addWorkflow(workflow);
    await n8n.publish(workflowId);
    const trigger = workflow.nodes.find(({ type }) => type.endsWith("renderjuiceTrigger"));
    const body = JSON.stringify({ event: "onRenderComplete", status: "completed", jobId });
    const headers = await signWebhook({ body, secret: WEBHOOK_SECRET });
    const url = `${n8n.url}/webhook/${trigger?.webhookId}/webhook`;
    await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
    });
    return n8n.waitForExecution(workflowId);
  }

  async function renderSomething(frames: string) {
    const { json } = await farm.run({ resource: "job", operation: "submit", frames, until: "finished" });
    return json[0]?.[0]?.jobId;
  }

  test("approve-to-render: a yes starts the render", async () => {
    const before = farm.sandbox.statistics.rendersStarted;
    const { execution, message } = await answer("approve-to-render", "yes");
    expect(message).toContain('"frameEnd":4');
    expect(execution.nodes["Start Render"]?.items).toMatchObject([{ json: { wasAlreadyStarted: false } }]);
    expect(farm.sandbox.statistics.rendersStarted).toBe(before + 1);
  });

  test("approve-to-render: a no cancels the job, and nothing is rendered", async () => {
    const before = farm.sandbox.statistics.rendersStarted;
    const { execution } = await answer("approve-to-render", "no");
    expect(execution.nodes["Cancel Job"]?.items).toMatchObject([{ json: { status: "canceled" } }]);
    expect(farm.sandbox.statistics.rendersStarted).toBe(before);
  });

  test("approve-a-scout-frame: one frame is shown, a yes renders all", async () => {
    const { execution, message } = await answer("approve-a-scout-frame", "yes");
    expect(message).toMatch(/^Scout frame: http/);
    expect(execution.nodes["Render Scout Frame"]?.items).toMatchObject([{ json: { frame: 1 } }]);
    expect(execution.nodes["Render All"]?.items).toHaveLength(1);
    expect(execution.status).toBe("success");
  });

  test("nightly-batch-from-a-sheet: a bad row does not stop the others", async () => {
    const example = await loadExample("nightly-batch-from-a-sheet", { sheetUrl: `${services.url}/sheet` });
    const { nodes, status } = await farm.n8n.run(example);
    expect(status).toBe("success");
    expect(nodes.Submitted?.items).toHaveLength(2);
    expect(nodes["Not Submitted"]?.items).toMatchObject([
      { json: { error: '"nonsense" is not a frame range.' } },
    ]);
  });

  test("settings-by-analysis: a Cycles scene gets fewer samples", async () => {
    const example = await loadExample("settings-by-analysis", { settings: settings() });
    const { nodes, status } = await farm.n8n.run(example);
    expect(status).toBe("success");
    expect(nodes["Render With Fewer Samples"]?.items).toHaveLength(1);
    expect(nodes["Render as It Is"]).toBeUndefined();
  });

  test("long-render-wait-loop: sleeps and checks until the frames are there", async () => {
    const example = await loadExample("long-render-wait-loop", { settings: settings() });
    const { nodes, status } = await farm.n8n.run(example);
    expect(status).toBe("success");
    expect(nodes.Download?.items).toHaveLength(4);
  });

  test("long-render-webhook: the event brings the frames", async () => {
    const example = await loadExample("long-render-webhook", { settings: settings() });
    const { nodes } = await deliver(example, await renderSomething("1-2"));
    expect(nodes["Missing Frames?"]?.items).toMatchObject([{ json: { isComplete: true } }]);
    expect(nodes.Download?.items).toHaveLength(2);
  });

  test("frames-to-s3: every frame is in the bucket, complete", async () => {
    const credential = await farm.n8n.rest<{ id: string }>("POST", "/rest/credentials", {
      name: "Bucket",
      type: "s3",
      data: {
        endpoint: services.url,
        region: "us-east-1",
        accessKeyId: "key",
        secretAccessKey: "secret",
        forcePathStyle: true,
      },
    });
    const example = await loadExample("frames-to-s3", { s3CredentialId: credential.id });
    const jobId = await renderSomething("1-2");
    const { status } = await deliver(example, jobId);
    expect(status).toBe("success");
    const names = [`/my-frames/${jobId}/frame_0001.png`, `/my-frames/${jobId}/frame_0002.png`];
    expect([...services.objects.keys()].toSorted()).toEqual(names);
    for (const content of services.objects.values()) expect(content.subarray(1, 4).toString()).toBe("PNG");
  });

  test("failure-triage-to-slack: says which render failed, and why", async () => {
    const example = await loadExample("failure-triage-to-slack", { settings: settings() });
    const workflowId = await farm.n8n.addWorkflow(example);
    await farm.n8n.publish(workflowId);
    services.messages.length = 0;
    farm.sandbox.faults.add("render-crash*all");
    await farm.run({ resource: "job", operation: "submit", frames: "1", until: "finished" });
    farm.sandbox.faults.clear();
    await farm.n8n.waitForExecution(workflowId);
    expect(services.messages).toEqual([expect.stringMatching(/^:x: Render \S+ failed: \w+/)]);
  });
});

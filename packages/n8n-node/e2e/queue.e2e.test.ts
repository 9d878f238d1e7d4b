import { createNodeClient } from "@renderjuice/core/node";
import { expect, test } from "vitest";
import { describeN8nQueue } from "../../../hosts/n8n/describe-n8n.ts";
import type { Execution } from "../../../hosts/n8n/executions.ts";
import { chain, noOpNode, readFileNode, waitNode, webhookNode } from "../../../hosts/n8n/workflows.ts";
import { renderjuiceNode } from "./renderjuice.ts";
import { type Farm, startFarm, THIS_JOB } from "./with-farm.ts";

/** How quickly n8n notices that a worker is gone. */
const IMPATIENT = {
  QUEUE_WORKER_LOCK_DURATION: "2000",
  QUEUE_WORKER_LOCK_RENEW_TIME: "500",
  QUEUE_WORKER_STALLED_INTERVAL: "1000",
};
const EXECUTIONS = 40;

describeN8nQueue("a queue with two workers", () => {
  test("forty executions, each with a job: none is lost and none is duplicated", async () => {
    await using farm = await startFarm({}, { workers: 2 });
    const { n8n, sandbox, scene } = farm;
    const submit = renderjuiceNode("Submit", {
      resource: "job",
      operation: "submit",
      frames: "1",
      until: "finished",
    });
    const workflowId = await n8n.addWorkflow(chain([webhookNode(), readFileNode(scene), submit]));
    await n8n.publish(workflowId);
    const ids = await Promise.all(Array.from({ length: EXECUTIONS }, () => n8n.start(workflowId)));
    const executions: Execution[] = [];
    // One after the other: forty requests at the same time would slow the database down.
    for (const id of ids) executions.push(await n8n.executionEnd(id));
    expect(executions.flatMap(({ error }) => error ?? [])).toEqual([]);
    const jobIds = executions.map(({ nodes }) => nodes.Submit?.items[0]?.json.jobId);
    expect(executions.map(({ status }) => status)).toEqual(Array(EXECUTIONS).fill("success"));
    expect(new Set(jobIds).size).toBe(EXECUTIONS);
    expect(sandbox.statistics).toMatchObject({ jobsCreated: EXECUTIONS, rendersStarted: EXECUTIONS });
    for (const worker of n8n.workers) expect(worker.log()).toContain("Worker finished execution");
  });

  test("a worker is killed: the parked loop continues on another one, the polling trigger finds the other render", async () => {
    await using farm = await startFarm({ simulatedStepMs: 2000 }, { workers: 2, env: IMPATIENT });
    const { n8n, sandbox } = farm;
    const pollingId = await publishPollingTrigger(farm);
    const parked = await startParkedWait(farm);
    const holding = await startWaitInNode(farm);

    await expect.poll(() => sandbox.statistics.rendersStarted, { timeout: 30_000 }).toBe(2);
    const worker = n8n.workers.find((one) => one.log().includes(`Worker started execution ${holding} `));
    await worker?.kill("SIGKILL");

    expect((await n8n.executionEnd(holding)).status).toBe("error");
    expect((await n8n.executionEnd(parked)).nodes.Check?.items[0]?.json).toMatchObject({ isFinal: true });
    const lost = await findLostJob(farm);
    await expect
      .poll(() => farm.reported(pollingId), { timeout: 90_000, interval: 1000 })
      .toContainEqual(expect.objectContaining({ jobId: lost }));
    expect(sandbox.statistics.rendersStarted).toBe(2);
  });
});

async function publishPollingTrigger({ n8n }: Farm): Promise<string> {
  const trigger = renderjuiceNode(
    "Trigger",
    { pollTimes: { item: [{ mode: "everyMinute" }] }, events: ["completed"] },
    { kind: "renderjuicePollingTrigger" },
  );
  const workflowId = await n8n.addWorkflow(chain([trigger, noOpNode()]));
  await n8n.publish(workflowId);
  return workflowId;
}

/** Sleeps in the database between Submit and Check. */
async function startParkedWait({ n8n, scene }: Farm): Promise<string> {
  const submit = { resource: "job", operation: "submit", frames: "1", until: "started" };
  const workflowId = await n8n.addWorkflow(
    chain([
      webhookNode(),
      readFileNode(scene),
      renderjuiceNode("Submit", submit),
      waitNode(65),
      renderjuiceNode("Check", { resource: "job", operation: "get", ...THIS_JOB }),
    ]),
  );
  await n8n.publish(workflowId);
  return n8n.start(workflowId);
}

/** Occupies its worker. */
async function startWaitInNode({ n8n, scene }: Farm): Promise<string> {
  const submit = { resource: "job", operation: "submit", frames: "1-3", until: "finished" };
  const workflowId = await n8n.addWorkflow(
    chain([webhookNode(), readFileNode(scene), renderjuiceNode("Submit", submit)]),
  );
  await n8n.publish(workflowId);
  return n8n.start(workflowId);
}

/** The job of three frames, whose execution died. */
async function findLostJob({ sandbox }: Farm): Promise<string | undefined> {
  await using client = createNodeClient({
    apiKey: sandbox.apiKeys[0] ?? "",
    baseUrl: sandbox.url,
    env: {},
  });
  const { jobs } = await client.jobs.list({ pageSize: 50 });
  return jobs.find(({ requestedConfig }) => JSON.stringify(requestedConfig).includes("1-3"))?.id;
}

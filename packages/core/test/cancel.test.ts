import { describe, expect, test } from "vitest";
import { ensureCanceled, type RenderClient } from "../src/index.ts";
import { startSandbox } from "./with-sandbox.ts";

const DEADLINE_MS = 10_000;
const SLOW = { simulatedStepMs: 200 };

async function startJob(setup: Awaited<ReturnType<typeof startSandbox>>, until: "validated" | "started") {
  const { job } = await setup.client.submit(await setup.writeScene(), { frames: "1-50" }, { until }).result;
  return job.id;
}

const cancel = (client: RenderClient, jobId: string, options: { mayStillStart?: boolean } = {}) =>
  ensureCanceled(client, jobId, { deadlineMs: DEADLINE_MS, ...options });

/** The render did start, and none goes on. */
async function expectNoneLeft({ sandbox }: Awaited<ReturnType<typeof startSandbox>>) {
  expect(sandbox.statistics.rendersStarted).toBe(1);
  await expect.poll(() => sandbox.statistics.rendersRunning).toBe(0);
}

describe("ensureCanceled", () => {
  test("ends a render", async () => {
    await using setup = await startSandbox(SLOW);
    const job = await cancel(setup.client, await startJob(setup, "started"));
    expect(job.status).toBe("canceled");
    await expectNoneLeft(setup);
  });

  test("takes a job that is over for what it is", async () => {
    await using setup = await startSandbox();
    const { job } = await setup.client.submit(await setup.writeScene(), { frames: "1" }).result;
    expect(await cancel(setup.client, job.id)).toMatchObject({ status: "completed" });
  });

  test("leaves an idle job that the farm does not cancel: it costs nothing", async () => {
    await using setup = await startSandbox({ faults: ["idle-cancel-refused*all"] });
    const job = await cancel(setup.client, await startJob(setup, "validated"));
    expect(job.status).toBe("validated");
  });

  test("catches a start that takes effect after the first cancel was refused", async () => {
    await using setup = await startSandbox({
      ...SLOW,
      faults: ["idle-cancel-refused*all", "slow-request:700@startRender"],
    });
    const jobId = await startJob(setup, "validated");
    const start = setup.client.jobs.startRender(jobId, { colorManagementPreset: "default" });
    const job = await cancel(setup.client, jobId, { mayStillStart: true });
    await start;
    expect(job.status).toBe("canceled");
    await expectNoneLeft(setup);
  });

  test("gives up on a start that never takes effect", async () => {
    await using setup = await startSandbox({ faults: ["idle-cancel-refused*all"] });
    const { job } = await setup.client.submit(await setup.writeScene(), {}, { until: "created" }).result;
    const options = { deadlineMs: 1200, mayStillStart: true };
    expect(await ensureCanceled(setup.client, job.id, options)).toMatchObject({ status: "created" });
  });

  test("says so when the farm cannot be reached in time", async () => {
    await using setup = await startSandbox(SLOW);
    const jobId = await startJob(setup, "started");
    setup.sandbox.faults.add("lost-response@cancelJob*all", "server-error@getJob*all");
    setup.sandbox.faults.add("server-error@cancelJob*all");
    await expect(ensureCanceled(setup.client, jobId, { deadlineMs: 300 })).rejects.toMatchObject({
      code: "deadline_exceeded",
      hint: expect.stringContaining(jobId),
    });
  });
});

test("a handle that is canceled while it starts the render leaves none running", async () => {
  await using setup = await startSandbox({
    ...SLOW,
    faults: ["idle-cancel-refused*all", "slow-request:500@startRender"],
  });
  const handle = setup.client.submit(await setup.writeScene(), { frames: "1-50" });
  await expect.poll(() => setup.sandbox.statistics.requests.startRender).toBe(1);
  expect(await handle.cancel()).toMatchObject({ status: "canceled" });
  await expectNoneLeft(setup);
});

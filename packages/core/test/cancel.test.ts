import { describe, expect, test } from "vitest";
import { describeCancel, type EnsureCanceledOptions, ensureCanceled } from "../src/adapter.ts";
import type { RenderClient } from "../src/index.ts";
import { createManualRuntime } from "./manual-runtime.ts";
import { startSandbox } from "./with-sandbox.ts";
import { type Answer, startServer } from "./with-server.ts";

const DEADLINE_MS = 10_000;
const SLOW = { simulatedStepMs: 200 };

async function startJob(setup: Awaited<ReturnType<typeof startSandbox>>, until: "validated" | "started") {
  const { job } = await setup.client.submit(await setup.writeScene(), { frames: "1-50", until });
  return job.id;
}

const cancel = (client: RenderClient, jobId: string, options: EnsureCanceledOptions = {}) =>
  ensureCanceled(client, jobId, { deadlineMs: DEADLINE_MS, mayStillStart: false, ...options });

/** The render did start, and none goes on. */
async function expectNoneLeft({ sandbox }: Awaited<ReturnType<typeof startSandbox>>) {
  expect(sandbox.statistics.rendersStarted).toBe(1);
  await expect.poll(() => sandbox.statistics.rendersRunning).toBe(0);
}

describe("ensureCanceled", () => {
  test("ends a render", async () => {
    await using setup = await startSandbox(SLOW);
    const { job } = await cancel(setup.client, await startJob(setup, "started"));
    expect(job.status).toBe("canceled");
    await expectNoneLeft(setup);
  });

  test("takes a job that is over for what it is", async () => {
    await using setup = await startSandbox();
    const { job } = await setup.client.submit(await setup.writeScene(), { frames: "1" });
    expect(await cancel(setup.client, job.id)).toMatchObject({
      job: { status: "completed" },
      isCertain: true,
    });
  });

  test("leaves an idle job that the farm does not cancel: it costs nothing", async () => {
    await using setup = await startSandbox({ faults: ["idle-cancel-refused*all"] });
    const { job } = await cancel(setup.client, await startJob(setup, "validated"));
    expect(job.status).toBe("validated");
  });

  test("catches a start that takes effect after the first cancel was refused", async () => {
    await using setup = await startSandbox({
      ...SLOW,
      faults: ["idle-cancel-refused*all", "slow-request:700@startRender"],
    });
    const jobId = await startJob(setup, "validated");
    const start = setup.client.jobs.startRender(jobId, { colorManagementPreset: "default" });
    const { job } = await cancel(setup.client, jobId, { mayStillStart: true });
    await start;
    expect(job.status).toBe("canceled");
    await expectNoneLeft(setup);
  });

  test("gives up on a start that never takes effect", async () => {
    await using setup = await startSandbox({ faults: ["idle-cancel-refused*all"] });
    const { job } = await setup.client.submit(await setup.writeScene(), { until: "created" });
    const options = { deadlineMs: 1200, mayStillStart: true };
    expect(await ensureCanceled(setup.client, job.id, options)).toMatchObject({
      job: { status: "created" },
      isCertain: false,
    });
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

/** A farm that does not cancel an idle job, on a clock that moves only by waiting. */
async function startReluctantFarm({ startsAfterMs = Number.POSITIVE_INFINITY } = {}) {
  const runtime = createManualRuntime();
  const begunMs = runtime.monotonicMs();
  let isCanceled = false;
  const odd = new Map<string, Answer>();
  const server = await startServer(
    ({ path }) => {
      const hasStarted = runtime.monotonicMs() - begunMs >= startsAfterMs;
      if (path.endsWith("/cancel") && hasStarted) isCanceled = true;
      const oddAnswer = odd.get(path);
      if (oddAnswer) return oddAnswer;
      const status = isCanceled ? "canceled" : hasStarted ? "rendering" : "validated";
      if (path.endsWith("/cancel") && !hasStarted) return { status: 400, body: { message: "idle" } };
      return { body: { id: "j1", status } };
    },
    // A time limit is not what these tests are about, and sleeping until it would use it up at once.
    { runtime: { ...runtime, sleep: (ms, signal) => (ms > 80_000 ? never(signal) : runtime.sleep(ms)) } },
  );
  return { ...server, runtime, odd };
}

const never = (signal?: AbortSignal) =>
  new Promise<void>((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));

describe("a start that is on its way", () => {
  test("is watched for as long as a request may take", async () => {
    await using farm = await startReluctantFarm({ startsAfterMs: 55_000 });
    const { job, isCertain } = await ensureCanceled(farm.client, "j1", { mayStillStart: true });
    expect([job.status, isCertain]).toEqual(["canceled", true]);
  });

  test("and that was not seen to take effect leaves a doubt, which the outcome reports", async () => {
    await using farm = await startReluctantFarm();
    const outcome = await ensureCanceled(farm.client, "j1");
    expect(farm.runtime.monotonicMs()).toBeGreaterThanOrEqual(60_000);
    expect(outcome).toMatchObject({ job: { status: "validated" }, isCertain: false });
    expect(describeCancel(outcome)).toMatch(/not billed.*may still take effect/);
  });

  test("and is refused leaves none", async () => {
    await using farm = await startReluctantFarm();
    farm.odd.set("/jobs/j1/render", { status: 422, body: { message: "no" } });
    const start = farm.client.jobs.startRender("j1", { colorManagementPreset: "default" });
    const outcome = await ensureCanceled(farm.client, "j1", { mayStillStart: start });
    expect(outcome).toMatchObject({ job: { status: "validated" }, isCertain: true });
    expect(describeCancel(outcome)).toBe("Job j1 is validated: it was not started and is not billed.");
  });

  test("and was answered is waited for, however late it shows", async () => {
    await using farm = await startReluctantFarm({ startsAfterMs: 70_000 });
    const outcome = await ensureCanceled(farm.client, "j1", { mayStillStart: Promise.resolve() });
    expect(outcome).toMatchObject({ job: { status: "canceled" }, isCertain: true });
  });
});

test.each<[string, Answer]>([
  ["nothing", {}],
  ["a page", { body: "<html>" }],
  ["half an answer", { body: '{"id": "j1", "sta', headers: { "content-type": "application/json" } }],
  ["an error, although it does it", { status: 500 }],
])("after a cancel that is answered with %s, the job's status decides", async (_what, answer) => {
  await using farm = await startReluctantFarm({ startsAfterMs: 0 });
  farm.odd.set("/jobs/j1/cancel", answer);
  expect(await ensureCanceled(farm.client, "j1")).toMatchObject({ job: { status: "canceled" } });
});

test.each([401, 404])("a job that the farm does not show (%i) fails at once", async (status) => {
  await using farm = await startReluctantFarm();
  farm.odd.set("/jobs/j1", { status }).set("/jobs/j1/cancel", { status });
  await expect(ensureCanceled(farm.client, "j1")).rejects.toMatchObject({ status, jobId: "j1" });
  expect(farm.runtime.monotonicMs()).toBeLessThan(1000);
});

test("something that is not a job id fails at once", async () => {
  await using farm = await startReluctantFarm();
  await expect(ensureCanceled(farm.client, "..")).rejects.toMatchObject({ code: "invalid_option" });
  expect(farm.runtime.monotonicMs()).toBe(0);
});

test("a start that was accepted is not taken back by a refusal of what came after it", async () => {
  await using farm = await startReluctantFarm({ startsAfterMs: 5000 });
  const refused = farm.client.jobs.get("elsewhere");
  farm.odd.set("/jobs/elsewhere", { status: 403 });
  const outcome = await ensureCanceled(farm.client, "j1", { mayStillStart: refused });
  expect(outcome).toMatchObject({ job: { status: "canceled" } });
});

test("a handle that is canceled while it starts the render leaves none running", async () => {
  await using setup = await startSandbox({
    ...SLOW,
    faults: ["idle-cancel-refused*all", "slow-request:500@startRender"],
  });
  const handle = setup.client.submit(await setup.writeScene(), { frames: "1-50" });
  await expect.poll(() => setup.sandbox.statistics.requests.startRender).toBe(1);
  expect(await handle.cancel()).toMatchObject({ job: { status: "canceled" }, isCertain: true });
  await expectNoneLeft(setup);
});

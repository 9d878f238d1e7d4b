import { appendFile, rm, truncate, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { rendersAre, SLOW, startFarm, startIsSent } from "./with-action.ts";

/** Its upload takes long enough for a test to interrupt it. */
async function writeLargeScene(path: string): Promise<void> {
  await writeFile(path, "BLENDER-v304");
  await truncate(path, 2 ** 31);
  await appendFile(path, "ENDB");
}

/** The worst that the farm may do: a cancellation that comes too early is refused, and the render starts later. */
const SLOW_START = (milliseconds: number) => ({
  ...SLOW,
  faults: ["idle-cancel-refused*all", `slow-request:${milliseconds}@startRender`],
});
const FROZEN = { ignoreSignals: true };

describe.concurrent("a workflow is canceled", () => {
  test("during the upload: no job exists yet", async () => {
    await using farm = await startFarm();
    await writeLargeScene(farm.path("shot.blend"));
    const step = farm.start({ resume: "never" });
    await step.seen(/Uploading shot.blend/);
    step.cancel();
    const { conclusion, signalsSent, annotations, outputs } = await step.outcome;
    expect(conclusion).toBe("cancelled");
    expect(signalsSent.map(({ signal }) => signal)).toEqual(["SIGINT"]);
    expect(outputs.status).toBe("canceled");
    expect(annotations.map(({ message }) => message)).toContain(
      "shot.blend: The workflow was canceled. No job was created and nothing is billed.",
    );
    expect(farm.sandbox.statistics.jobsCreated).toBe(0);
  });

  test("while the render is being started: it is canceled, even if it starts late", async () => {
    await using farm = await startFarm(SLOW_START(2000));
    const step = farm.start({ frames: "1-200" });
    await startIsSent(farm);
    step.cancel();
    const { conclusion, signalsSent, state, phases } = await step.outcome;
    expect(conclusion).toBe("cancelled");
    expect(signalsSent.map(({ signal }) => signal)).toEqual(["SIGINT"]);
    expect(JSON.parse(state["open-jobs"] ?? "")).toEqual([]);
    expect(phases.map(({ phase }) => phase)).toEqual(["main", "post"]);
    await rendersAre(farm, { rendersStarted: 1, rendersRunning: 0 });
  });

  test("while the render is being started, and the farm takes longer than the runner waits: the post step cancels it", async () => {
    await using farm = await startFarm(SLOW_START(7000));
    const step = farm.start({ frames: "1-200" });
    await startIsSent(farm);
    step.cancel();
    const { conclusion, state } = await step.outcome;
    expect(conclusion).toBe("cancelled");
    expect(JSON.parse(state["open-jobs"] ?? "")).toEqual([
      { jobId: expect.any(String), mayStillStart: true },
    ]);
    await rendersAre(farm, { rendersStarted: 1, rendersRunning: 0 });
  });

  test("during the render: it is canceled immediately, with one request", async () => {
    await using farm = await startFarm(SLOW);
    const step = farm.start({ frames: "1-200" });
    await step.seen(/Render started/);
    step.cancel();
    const { conclusion, signalsSent, outputs, annotations, summary } = await step.outcome;
    expect(conclusion).toBe("cancelled");
    expect(signalsSent.map(({ signal }) => signal)).toEqual(["SIGINT"]);
    expect(outputs.status).toBe("canceled");
    expect(annotations.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/The workflow was canceled. Job \S+ is canceled on the farm\./),
    );
    expect(summary).toContain("is canceled on the farm");
    expect(farm.sandbox.statistics.requests.cancelJob).toBe(1);
    await rendersAre(farm, { rendersStarted: 1, rendersRunning: 0 });
  });

  test("with on-cancel: detach, the render keeps running, and the post step leaves it alone", async () => {
    await using farm = await startFarm(SLOW);
    const step = farm.start({ frames: "1-200", "on-cancel": "detach" });
    await step.seen(/Render started/);
    step.cancel();
    const { conclusion, outputs } = await step.outcome;
    expect(conclusion).toBe("cancelled");
    expect(outputs.status).toBe("detached");
    expect(farm.sandbox.statistics).toMatchObject({ rendersRunning: 1 });
    expect(farm.sandbox.statistics.requests.cancelJob).toBeUndefined();
  });
});

describe.concurrent("a step that hangs is killed", () => {
  test("during the upload: no job exists yet, so nothing is left behind", async () => {
    await using farm = await startFarm();
    await writeLargeScene(farm.path("shot.blend"));
    const step = farm.start({ resume: "never" });
    await step.seen(/Uploading shot.blend/);
    step.cancel(FROZEN);
    const { signalsSent, phases } = await step.outcome;
    expect(signalsSent.map(({ signal }) => signal)).toEqual(["SIGINT", "SIGTERM", "SIGKILL"]);
    expect(phases.map(({ phase, exitCode }) => [phase, exitCode === 0])).toEqual([
      ["main", false],
      ["post", true],
    ]);
    expect(farm.sandbox.statistics.jobsCreated).toBe(0);
  });

  test("while the render is being started: the post step cancels it", async () => {
    await using farm = await startFarm(SLOW_START(1000));
    const step = farm.start({ frames: "1-200" });
    await startIsSent(farm);
    step.cancel(FROZEN);
    const { outputs, log } = await step.outcome;
    expect(log).toContain(`Job ${outputs["job-id"]} is canceled.`);
    await rendersAre(farm, { rendersStarted: 1, rendersRunning: 0 });
  });

  test("during the render: the post step cancels it, and the outputs that were known are set", async () => {
    await using farm = await startFarm(SLOW);
    await writeFile(farm.path("settings.yml"), "sampleCount: 8");
    const step = farm.start({ frames: "1-200", settings: "settings.yml" });
    await step.seen(/Render started/);
    // Files of the step may no longer exist when the post step runs.
    await rm(farm.path("settings.yml"));
    step.cancel(FROZEN);
    const { outputs, log } = await step.outcome;
    expect(outputs).toMatchObject({ status: "submitted", "job-id": expect.any(String) });
    expect(log).toContain(`Job ${outputs["job-id"]} is canceled.`);
    await rendersAre(farm, { rendersStarted: 1, rendersRunning: 0 });
  });

  test("with on-cancel: detach: the post step leaves the render alone", async () => {
    await using farm = await startFarm(SLOW);
    const step = farm.start({ frames: "1-200", "on-cancel": "detach" });
    await step.seen(/Render started/);
    step.cancel(FROZEN);
    expect((await step.outcome).log).toContain("Not canceled, because on-cancel is detach");
    expect(farm.sandbox.statistics.rendersRunning).toBe(1);
  });
});

describe.concurrent("timeout-minutes is reached", () => {
  test.each([
    ["cancel", "timed-out", 0],
    ["detach", "detached", 1],
  ])("with on-timeout: %s", async (policy, status, running) => {
    await using farm = await startFarm(SLOW);
    const { conclusion, outputs, annotations } = await farm.run({
      frames: "1-200",
      "timeout-minutes": "0.1",
      "on-timeout": policy,
    });
    expect(conclusion).toBe("failure");
    expect(outputs.status).toBe(status);
    expect(annotations).toContainEqual(
      expect.objectContaining({
        level: "error",
        message: expect.stringContaining("The time limit of timeout-minutes was reached. Job "),
      }),
    );
    await rendersAre(farm, { rendersStarted: 1, rendersRunning: running });
  });
});

test("a step that fails during the render does not leave the render behind", async () => {
  await using farm = await startFarm({ ...SLOW, faults: ["slow-request:1000@startRender"] });
  const step = farm.start({ frames: "1-200" });
  await startIsSent(farm);
  farm.sandbox.faults.add("error-body@getJob*all", "error-body@listJobs*all");
  const { conclusion, outputs, annotations } = await step.outcome;
  expect(conclusion).toBe("failure");
  expect(outputs.status).toBe("failed");
  expect(annotations.filter(({ level }) => level === "error")).toHaveLength(1);
  await rendersAre(farm, { rendersStarted: 1, rendersRunning: 0 });
});

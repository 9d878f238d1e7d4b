import { cpSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { runWorkflow } from "../../../hosts/github-runner/run-workflow.ts";
import { newFolder } from "../../../hosts/github-runner/tracked-processes.ts";
import {
  ACTION_PATH,
  copyAction,
  DEMO_SCENE,
  rendersAre,
  SLOW,
  startFarm,
  startIsSent,
} from "./with-action.ts";

const AGAIN = { runAttempt: 2 };

test("a workflow that runs afterwards cancels what a lost runner left behind, and nothing else", async () => {
  await using farm = await startFarm(SLOW);
  const lost = farm.start({ frames: "1-200" }, { runId: "7" });
  await lost.seen(/Render started/);
  lost.kill();
  const { outputs } = await lost.outcome;
  await farm.run({ frames: "1-200", wait: "false" }, { runId: "77" });

  const { conclusion, legs } = await runWorkflow({
    workflow: fileURLToPath(
      new URL("../../../examples/github-workflows/cancel-what-a-lost-runner-left.yml", import.meta.url),
    ),
    actionFolder: copyAction(),
    actionPath: ACTION_PATH,
    secrets: { RENDERJUICE_API_KEY: farm.key },
    machineEnv: { RENDERJUICE_API_URL: farm.sandbox.url },
    github: { event_name: "workflow_run", event: { workflow_run: { id: 7, conclusion: "failure" } } },
  });
  expect(conclusion).toBe("success");
  expect(legs("cancel")[0]?.log).toContain(`Job ${outputs["job-id"]} is canceled.`);
  await rendersAre(farm, { rendersStarted: 2, rendersRunning: 1 });
});

describe.concurrent("the second attempt of a run", () => {
  test("attaches to the render whose runner was lost", async () => {
    await using farm = await startFarm(SLOW);
    const first = farm.start({ frames: "1-20" });
    await first.seen(/Render started/);
    first.kill();
    const { outputs: firstOutputs } = await first.outcome;

    const second = await farm.run({ frames: "1-20" }, AGAIN);
    expect(second.conclusion).toBe("success");
    expect(second.outputs).toMatchObject({
      resumed: "true",
      status: "completed",
      "job-id": firstOutputs["job-id"],
      "frames-rendered": "20",
    });
    expect(second.annotations).toEqual([
      expect.objectContaining({ level: "warning", title: "frames-outside-range" }),
      expect.objectContaining({
        level: "notice",
        message: "Attached to 1 render of an earlier attempt, so that nothing is paid for twice.",
      }),
    ]);
    expect(farm.sandbox.statistics).toMatchObject({ uploads: 1, jobsCreated: 1, rendersStarted: 1 });
  });

  test("attaches to a render that was being started when its runner was lost", async () => {
    await using farm = await startFarm({ ...SLOW, faults: ["slow-request:1000@startRender"] });
    const first = farm.start();
    await startIsSent(farm);
    first.kill();
    await first.outcome;
    await rendersAre(farm, { rendersStarted: 1 });
    const second = await farm.run({}, AGAIN);
    expect(second.conclusion).toBe("success");
    expect(second.outputs.resumed).toBe("true");
    expect(farm.sandbox.statistics.rendersStarted).toBe(1);
  });

  test("on another machine, with a new checkout, downloads the completed render", async () => {
    await using farm = await startFarm();
    await farm.run();
    const workspace = newFolder("other-machine");
    cpSync(DEMO_SCENE, `${workspace}/shot.blend`);
    const second = await farm.run({}, { ...AGAIN, workspace });
    expect(second.outputs).toMatchObject({ resumed: "true", status: "completed" });
    expect(await readdir(`${workspace}/renders`)).toContain("frame_0003.png");
    expect(farm.sandbox.statistics).toMatchObject({ jobsCreated: 1, rendersStarted: 1, downloads: 6 });
  });

  test("with wait: false leaves the render alone", async () => {
    await using farm = await startFarm(SLOW);
    await farm.run({ frames: "1-200", wait: "false" });
    const { outputs, log } = await farm.run({ frames: "1-200", wait: "false" }, AGAIN);
    expect(outputs).toMatchObject({ resumed: "true", status: "submitted" });
    expect(log).toContain("is rendering");
    expect(farm.sandbox.statistics).toMatchObject({ rendersStarted: 1, rendersRunning: 1 });
  });

  test("only renders again what has failed", async () => {
    await using farm = await startFarm({ faults: ["render-crash"] }, ["a.blend", "b.blend"]);
    const inputs = { file: "*.blend" };
    const first = await farm.run(inputs);
    expect(first.conclusion).toBe("failure");
    const second = await farm.run(inputs, AGAIN);
    expect(second.conclusion).toBe("success");
    const jobs = JSON.parse(second.outputs.jobs ?? "") as { resumed: boolean }[];
    expect(jobs.map(({ resumed }) => resumed).sort()).toEqual([false, true]);
    expect(farm.sandbox.statistics.rendersStarted).toBe(3);
  });

  test.each([
    ["with other frames", { frames: "1-2" }, {}],
    ["with other settings", { settings: "sampleCount: 8" }, {}],
    ["with resume: never", { resume: "never" }, {}],
    ["in another step", {}, { stepId: "other" }],
    ["of another run", {}, { runId: "2" }],
    ["in another job", {}, { jobName: "other" }],
  ])("%s renders again", async (_what, inputs, options) => {
    await using farm = await startFarm();
    await farm.run({}, { runId: "1", stepId: "render", jobName: "shots" });
    const second = await farm.run(inputs, {
      runId: "1",
      stepId: "render",
      jobName: "shots",
      ...AGAIN,
      ...options,
    });
    expect(second.outputs).toMatchObject({ resumed: "false", status: "completed" });
    expect(farm.sandbox.statistics.rendersStarted).toBe(2);
  });
});

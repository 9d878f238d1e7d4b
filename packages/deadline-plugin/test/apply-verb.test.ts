import { describe, expect, test } from "vitest";
import { startFarm } from "./with-web-service.ts";

/** Commands that bring a new job, which is active, into a state. */
const STATES = {
  pending: ["pend"],
  suspended: ["suspend"],
  completed: ["complete"],
  failed: ["fail"],
  active: [],
} as const;

describe("a job is brought into the wanted state", () => {
  test.each([
    ["release", "pending", "releasepending", "active"],
    ["release", "suspended", "resume", "active"],
    ["suspend", "active", "suspend", "suspended"],
    ["suspend", "pending", "suspend", "suspended"],
    ["complete", "active", "complete", "completed"],
    ["complete", "pending", "complete", "completed"],
    ["complete", "suspended", "complete", "completed"],
    ["complete", "failed", "complete", "completed"],
    ["fail", "active", "fail", "failed"],
    ["fail", "pending", "fail", "failed"],
    ["fail", "suspended", "fail", "failed"],
    ["requeue", "failed", "requeue", "active"],
    ["requeue", "completed", "requeue", "active"],
  ] as const)("%s, from %s, by %s", async (verb, before, command, after) => {
    await using farm = await startFarm();
    const jobId = farm.emulator.addJob({ Name: "comp_sh010" });
    for (const step of STATES[before]) farm.emulator.jobs.apply(step, jobId);
    expect(await farm.apply(verb, jobId, true)).toMatchObject({
      result: "planned",
      before,
      after: before,
      command,
    });
    expect(farm.emulator.commands()).toEqual([]);
    const outcome = { jobId, name: "comp_sh010", verb, result: "changed", before, after, command };
    expect(await farm.apply(verb, jobId)).toEqual(outcome);
    expect(farm.emulator.commands()).toEqual([command]);
  });
});

describe("nothing is sent to a job that is there already", () => {
  test.each([
    ["release", "active"],
    ["release", "completed"],
    ["suspend", "suspended"],
    ["complete", "completed"],
    ["fail", "failed"],
    ["requeue", "active"],
  ] as const)("%s, %s", async (verb, state) => {
    await using farm = await startFarm();
    const jobId = farm.emulator.addJob();
    for (const step of STATES[state]) farm.emulator.jobs.apply(step, jobId);
    expect(await farm.apply(verb, jobId)).toMatchObject({ result: "already", before: state, after: state });
    expect(farm.emulator.commands()).toEqual([]);
  });
});

describe("what makes no sense is refused, with a way out", () => {
  test.each([
    ["release", "failed", "farm-requeue"],
    ["suspend", "completed", "nothing to suspend"],
    ["suspend", "failed", "nothing to suspend"],
    ["fail", "completed", "farm-requeue"],
    ["requeue", "pending", "farm-release"],
  ] as const)("%s, %s", async (verb, state, advice) => {
    await using farm = await startFarm();
    const jobId = farm.emulator.addJob();
    for (const step of STATES[state]) farm.emulator.jobs.apply(step, jobId);
    const hint = expect.stringContaining(advice);
    await expect(farm.apply(verb, jobId)).rejects.toMatchObject({
      code: "conflict",
      isRetryable: false,
      hint,
    });
    expect(farm.emulator.commands()).toEqual([]);
  });
});

test("a job that has begun is requeued from the start", async () => {
  await using farm = await startFarm();
  const jobId = farm.emulator.addJob({ Frames: "1-3" });
  farm.emulator.jobs.apply("complete", jobId, [0]);
  expect(await farm.apply("requeue", jobId)).toMatchObject({ result: "changed", command: "requeue" });
  expect(farm.emulator.jobs.find(jobId)).toMatchObject({ QueuedChunks: 3, CompletedChunks: 0 });
});

describe("when something goes wrong in between", () => {
  test.each(["error", "reset"] as const)("an %s is tried again", async (fault) => {
    await using farm = await startFarm();
    const jobId = farm.emulator.addJob();
    farm.emulator.jobs.apply("pend", jobId);
    farm.emulator.failNext(fault, "GET");
    farm.emulator.failNext(fault, "PUT");
    expect(await farm.apply("release", jobId)).toMatchObject({ result: "changed", after: "active" });
  });

  test.each([
    ["release", "pending"],
    ["requeue", "failed"],
    ["complete", "active"],
  ] as const)("a %s whose answer is lost is not sent twice", async (verb, state) => {
    await using farm = await startFarm();
    const jobId = farm.emulator.addJob();
    for (const step of STATES[state]) farm.emulator.jobs.apply(step, jobId);
    farm.emulator.failNext("lost-answer", "PUT");
    expect(await farm.apply(verb, jobId)).toMatchObject({ result: "changed", before: state });
    expect(farm.emulator.commands()).toHaveLength(1);
  });

  test("nor a requeue, when a Worker has begun before we look again", async () => {
    await using farm = await startFarm();
    const { jobs } = farm.emulator;
    const jobId = farm.emulator.addJob();
    jobs.apply("fail", jobId);
    const { apply } = jobs;
    jobs.apply = (command, id) => {
      apply.call(jobs, command, id);
      jobs.get(id).RenderingChunks = 1;
    };
    farm.emulator.failNext("lost-answer", "PUT");
    expect(await farm.apply("requeue", jobId)).toMatchObject({ before: "failed", after: "active" });
    expect(farm.emulator.commands()).toHaveLength(1);
  });

  test("a yes that changes nothing is not believed", async () => {
    await using farm = await startFarm();
    const jobId = farm.emulator.addJob();
    farm.emulator.jobs.apply("pend", jobId);
    for (let attempt = 1; attempt <= 3; attempt++) farm.emulator.failNext("ignore", "PUT");
    await expect(farm.apply("release", jobId)).rejects.toMatchObject({
      message: expect.stringMatching(/is still pending after "releasepending"\. Deadline said: Success/),
      isRetryable: true,
    });
  });

  test("a job that archives itself when it is complete is not a failure", async () => {
    await using farm = await startFarm();
    const jobId = farm.emulator.addJob();
    const { apply } = farm.emulator.jobs;
    farm.emulator.jobs.apply = (command, id) => {
      apply.call(farm.emulator.jobs, command, id);
      farm.emulator.jobs.archive(id);
    };
    expect(await farm.apply("complete", jobId)).toMatchObject({ before: "active", after: "gone" });
  });
});

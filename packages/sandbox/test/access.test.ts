import { describe, expect, test } from "vitest";
import { EACH_ENDPOINT, EACH_OF_ONE_JOB, requestTo } from "./each-endpoint.ts";
import { createTestClock, refusal, startSandbox } from "./with-sandbox.ts";

const UNKNOWN_ID = "00000000-0000-4000-8000-000000000000";

describe("a key is asked for", () => {
  test.each(EACH_ENDPOINT)("$method $path", async (endpoint) => {
    await using setup = await startSandbox();
    const { id } = await setup.api.createJob();
    const answer = await setup.api.call(...requestTo(endpoint, { id }), { authorization: "" });
    expect(answer).toMatchObject(refusal(401, "unauthorized"));
    expect((await setup.api.getJob(id)).status).toBe("created");
  });

  test.each([
    ["another scheme", (key: string) => `Basic ${key}`],
    ["no scheme", (key: string) => key],
    ["no key", () => "Bearer"],
    ["an unknown key", () => "Bearer RJ-unknown"],
    ["a key with something behind", (key: string) => `Bearer ${key}x`],
    ["the beginning of a key", (key: string) => `Bearer ${key.slice(0, -1)}`],
  ])("%s is refused", async (_what, headerOf) => {
    await using setup = await startSandbox();
    const authorization = headerOf(setup.sandbox.apiKeys[0] ?? "");
    const answer = await setup.api.call("GET", "/jobs", undefined, { authorization });
    expect(answer).toMatchObject(refusal(401, "unauthorized"));
    expect(JSON.stringify(answer.body)).not.toContain("RJ-unknown");
  });

  test("keys can be chosen", async () => {
    await using setup = await startSandbox({ apiKeys: ["RJ-one", "RJ-two"] });
    expect(setup.sandbox.apiKeys).toEqual(["RJ-one", "RJ-two"]);
    expect((await setup.api.get("/jobs")).status).toBe(200);
  });
});

test("without a key nothing can be broken on demand", async () => {
  await using setup = await startSandbox();
  const headers = { authorization: "Bearer RJ-unknown", "x-sandbox-fault": "server-error:503" };
  expect(await setup.api.call("GET", "/jobs", undefined, headers)).toMatchObject(
    refusal(401, "unauthorized"),
  );
  setup.sandbox.faults.add("server-error:503@listJobs");
  expect((await setup.api.call("GET", "/jobs", undefined, { authorization: "" })).status).toBe(401);
  expect((await setup.api.get("/jobs")).status).toBe(503);
});

test("a body that is larger than any request is refused", async () => {
  await using setup = await startSandbox();
  const body = { slug: "x".repeat(2 * 1024 * 1024) };
  expect(await setup.api.post("/jobs", body)).toMatchObject(refusal(413, "too_large"));
});

describe("an id that nobody knows", () => {
  test.each(EACH_OF_ONE_JOB)("$method $path", async (endpoint) => {
    await using setup = await startSandbox();
    for (const id of [UNKNOWN_ID, "nonsense"]) {
      const answer = await setup.api.call(...requestTo(endpoint, { id }));
      expect(answer).toMatchObject(refusal(404, "not_found"));
    }
  });
});

test.each([
  ["DELETE", "/jobs"],
  ["PUT", "/uploads"],
  ["GET", "/uploads"],
  ["POST", "/jobs/x/retry"],
  ["GET", "/credits"],
])("there is no %s %s", async (method, path) => {
  await using setup = await startSandbox();
  expect(await setup.api.call(method, path)).toMatchObject(refusal(404, "not_found"));
});

describe("another workspace", () => {
  test.each(EACH_OF_ONE_JOB)("gets nowhere with $method $path", async (endpoint) => {
    await using setup = await startSandbox();
    const job = await setup.api.createJob();
    const answer = await setup.otherApi.call(...requestTo(endpoint, job));
    expect(answer).toMatchObject(refusal(404, "not_found"));
    expect(await setup.api.getJob(job.id)).toEqual(job);
  });

  test("cannot make a job of an upload", async () => {
    await using setup = await startSandbox();
    const answer = await setup.otherApi.post("/jobs", { slug: await setup.api.upload() });
    expect(answer).toMatchObject(refusal(404, "not_found"));
  });

  test("lists its own jobs only", async () => {
    await using setup = await startSandbox();
    const job = await setup.api.createJob();
    const otherJob = await setup.otherApi.createJob();
    expect(await setup.api.listJobs()).toMatchObject({ jobs: [job], pagination: { total: 1 } });
    expect(await setup.otherApi.listJobs()).toMatchObject({ jobs: [otherJob], pagination: { total: 1 } });
    expect(job.workspaceId).not.toBe(otherJob.workspaceId);
  });

  test("does not see what renders here", async () => {
    const clock = createTestClock();
    await using setup = await startSandbox({ clock });
    const { id } = await setup.api.createJob();
    await setup.api.validate(id);
    await clock.tick();
    await setup.api.reach(id, "validated");
    await setup.api.render(id);
    expect((await setup.api.get("/jobs/progress")).body).toHaveLength(1);
    expect((await setup.otherApi.get("/jobs/progress")).body).toEqual([]);
  });
});

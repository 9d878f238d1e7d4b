import { describe, expect, test } from "vitest";
import { FAULTS, type Sandbox } from "../src/index.ts";
import { createTestClock, refusal, SCENE, startSandbox } from "./with-sandbox.ts";

/** Talks to what only the sandbox has; it takes no key. */
async function control(
  { url }: Sandbox,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(new URL(`/__sandbox/${path}`, url), {
    method,
    headers,
    ...(text !== undefined && { body: text }),
  });
  return { status: response.status, body: await response.json() };
}

describe("faults", () => {
  test("are listed with what they do", async () => {
    await using setup = await startSandbox({ faults: ["server-error:503@getJob*3"] });
    expect((await control(setup.sandbox, "GET", "faults")).body).toEqual({
      known: FAULTS,
      active: [{ name: "server-error", argument: "503", endpoint: "getJob", remaining: 3 }],
    });
  });

  test("strike as often as they say, at the endpoint they name, and then no more", async () => {
    await using setup = await startSandbox();
    await control(setup.sandbox, "POST", "faults", { faults: ["server-error:503@listJobs*2"] });
    const paths = ["/jobs/progress", "/jobs", "/jobs", "/jobs"];
    const statuses: number[] = [];
    for (const path of paths) statuses.push((await setup.api.get(path)).status);
    expect(statuses).toEqual([200, 503, 503, 200]);
  });

  test("strike once unless told otherwise, and are cleared on demand", async () => {
    await using setup = await startSandbox({ faults: ["rate-limit:7"] });
    const limited = await setup.api.get("/jobs");
    expect(limited).toMatchObject(refusal(429, "rate_limited"));
    expect(limited.headers.get("retry-after")).toBe("7");
    expect((await setup.api.get("/jobs")).status).toBe(200);

    await control(setup.sandbox, "POST", "faults", { faults: ["server-error*all"] });
    expect((await setup.api.get("/jobs")).status).toBe(500);
    await control(setup.sandbox, "DELETE", "faults");
    expect((await setup.api.get("/jobs")).status).toBe(200);
  });

  test("can be asked for by a request itself, for that request", async () => {
    await using setup = await startSandbox();
    const ask = (fault: string) =>
      setup.api.call("GET", "/jobs", undefined, { "x-sandbox-fault": fault }).then(({ status }) => status);
    expect(await ask("server-error:502")).toBe(502);
    expect(await ask("extra-fields, rate-limit")).toBe(429);
    expect((await setup.api.get("/jobs")).status).toBe(200);
  });

  test.each(["nonsense", "server-error*", "server-error@", "*all", "SERVER-ERROR"])(
    "refuses %j, wherever it comes from",
    async (fault) => {
      await using setup = await startSandbox();
      const byHeader = await setup.api.call("GET", "/jobs", undefined, { "x-sandbox-fault": fault });
      expect(byHeader).toMatchObject(refusal(400, "invalid_fault"));
      const byBody = await control(setup.sandbox, "POST", "faults", { faults: ["rate-limit", fault] });
      expect(byBody).toMatchObject(refusal(400, "invalid_fault"));
      expect(setup.sandbox.faults.list()).toEqual([]);
      await expect(startSandbox({ faults: [fault] })).rejects.toThrow(/names: rate-limit, /);
    },
  );

  test.each(["no JSON", "{}", '{"faults":7}'])("refuses the body %s", async (body) => {
    await using setup = await startSandbox();
    expect(await control(setup.sandbox, "POST", "faults", body)).toMatchObject(refusal(400, "invalid_fault"));
  });
});

test("statistics count what happened", async () => {
  await using setup = await startSandbox();
  const { id } = await setup.api.complete();
  await fetch((await setup.api.downloads(id)).frames?.[0] ?? "");
  expect((await control(setup.sandbox, "GET", "stats")).body).toEqual({
    requests: expect.objectContaining({ createUpload: 1, createJob: 1, validateJob: 1, startRender: 1 }),
    jobsCreated: 1,
    rendersStarted: 1,
    rendersRunning: 0,
    uploads: 1,
    uploadedBytes: SCENE.length,
    downloads: 1,
  });
});

describe("the clock", () => {
  test("of a test can be moved on", async () => {
    const clock = createTestClock();
    await using setup = await startSandbox({ clock });
    const startMs = clock.now();
    const { body } = await control(setup.sandbox, "POST", "clock/advance", { ms: 60_000 });
    expect(body).toEqual({ now: new Date(startMs + 60_000).toISOString() });
    expect((await setup.api.createJob()).createdAt).toBe(new Date(startMs + 60_000).toISOString());
  });

  test.each(["no JSON", "{}", '{"ms":"soon"}', '{"ms":-1}'])("does not move by %s", async (body) => {
    const clock = createTestClock();
    await using setup = await startSandbox({ clock });
    const startMs = clock.now();
    const answer = await control(setup.sandbox, "POST", "clock/advance", body);
    expect(answer).toMatchObject(refusal(400, "invalid_request"));
    expect(clock.now()).toBe(startMs);
  });

  test("of the system cannot", async () => {
    await using setup = await startSandbox();
    const answer = await control(setup.sandbox, "POST", "clock/advance", { ms: 1 });
    expect(answer).toMatchObject(refusal(409, "wrong_clock"));
  });
});

describe("a web page", () => {
  test.each([
    ["GET", "faults"],
    ["POST", "faults"],
    ["DELETE", "faults"],
    ["GET", "stats"],
    ["GET", "deliveries"],
    ["POST", "clock/advance"],
  ])("elsewhere may not %s /__sandbox/%s", async (method, path) => {
    await using setup = await startSandbox({ faults: ["rate-limit"] });
    const body = method === "POST" ? { faults: ["server-error"], ms: 1 } : undefined;
    const headers = { origin: "https://example.com", "content-type": "text/plain" };
    const answer = await control(setup.sandbox, method, path, body, headers);
    expect(answer).toMatchObject(refusal(403, "forbidden"));
    expect(setup.sandbox.faults.list()).toMatchObject([{ name: "rate-limit" }]);
  });
});

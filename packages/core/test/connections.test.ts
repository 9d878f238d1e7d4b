import { describe, expect, onTestFinished, test } from "vitest";
import { createNodeClient } from "../src/node/index.ts";
import { createManualRuntime } from "./manual-runtime.ts";
import { startServer } from "./with-server.ts";

const JOB = { id: "j1", status: "created" };

describe("requests", () => {
  test("carry the key, who asks, and what is accepted", async () => {
    await using server = await startServer(() => ({ body: JOB }), { userAgent: "tester/1" });
    await server.client.jobs.get("j1");
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: "Bearer RJ-test-key",
      "user-agent": "tester/1",
      accept: "application/json",
    });
  });

  test("redirects are not followed with the key", async () => {
    await using other = await startServer(() => ({ body: JOB }));
    await using server = await startServer(() => ({ status: 302, headers: { location: other.url } }));
    await expect(server.client.jobs.get("j1")).rejects.toMatchObject({ status: 302 });
    expect(other.requests).toEqual([]);
  });

  test("that get no answer in time are given up", async () => {
    await using server = await startServer(() => undefined, { timeoutMs: 30, retry: { maxAttempts: 1 } });
    await expect(server.client.jobs.get("j1")).rejects.toMatchObject({
      code: "request_timeout",
      hint: expect.stringMatching(/\w/),
    });
  });

  test.each(["sending", "waiting for the next attempt"])("are aborted while %s", async (when) => {
    const stop = new AbortController();
    const isSending = when === "sending";
    await using server = await startServer(() => {
      setImmediate(() => stop.abort(new Error("enough")));
      return isSending ? undefined : { status: 503, headers: { "retry-after": "100" } };
    });
    await expect(server.client.jobs.get("j1", { signal: stop.signal })).rejects.toThrow("enough");
    expect(server.requests).toHaveLength(1);
  });

  test("say where nobody answers", async () => {
    const client = createNodeClient({
      apiKey: "RJ-k",
      baseUrl: "http://127.0.0.1:1",
      env: {},
      retry: { maxAttempts: 1 },
    });
    onTestFinished(() => client.close());
    await expect(client.jobs.get("j1")).rejects.toMatchObject({
      code: "connection_failed",
      message: expect.stringContaining("127.0.0.1:1"),
      hint: expect.stringMatching(/\w/),
    });
  });

  test("after close end at once", async () => {
    await using server = await startServer(() => ({ body: JOB }));
    await server.client.close();
    await expect(server.client.jobs.get("j1")).rejects.toThrow(/closed/);
  });
});

describe("a rate limit", () => {
  test("pauses the whole client, and nobody asks before it is over", async () => {
    const runtime = createManualRuntime();
    let isLimited = true;
    const askedAt: number[] = [];
    await using server = await startServer(
      () => {
        askedAt.push(runtime.now());
        if (!isLimited) return { body: JOB };
        isLimited = false;
        return { status: 429, headers: { "retry-after": "60" } };
      },
      { runtime },
    );
    const startedAt = runtime.now();
    await server.client.jobs.get("j1").then(() => undefined);
    await Promise.all(Array.from({ length: 5 }, () => server.client.jobs.get("j1")));
    expect(askedAt.slice(1).every((time) => time >= startedAt + 60_000)).toBe(true);
  });

  test("that asks for more than we wait for ends with an error that says so", async () => {
    await using server = await startServer(() => ({ status: 429, headers: { "retry-after": "86400" } }));
    await expect(server.client.jobs.get("j1")).rejects.toMatchObject({
      code: "rate_limited",
      retryAfterMs: 86_400_000,
    });
    expect(server.requests).toHaveLength(1);
  });
});

test.each([
  ["http://farm.invalid/v1", "unencrypted"],
  ["http://localhost.evil.example/v1", "unencrypted"],
  ["localhost:8787", "does not begin with https://"],
  ["farm", "is not a valid URL"],
  ["https://user:hidden@farm.invalid/v1", "user name or a password"],
])("a key is not sent to %s", (baseUrl, problem) => {
  expect(() => createNodeClient({ apiKey: "RJ-k", baseUrl, env: {} })).toThrow(
    expect.objectContaining({
      code: "invalid_option",
      message: expect.stringContaining(problem),
    }),
  );
});

import { hostname } from "node:os";
import { describe, expect, test } from "vitest";
import { createHostCheck } from "../src/allowed-hosts.ts";
import { rawRequest } from "./raw-request.ts";
import { startSandbox } from "./with-sandbox.ts";

describe("a request is addressed to the sandbox", () => {
  test.each(["localhost", "LOCALHOST:4000", "localhost.:80", "127.0.0.1", "127.1.2.3:80", "[::1]:4000"])(
    "%s: on loopback",
    (host) => expect(createHostCheck("127.0.0.1")(host)).toBe(true),
  );

  test.each([
    "evil.example",
    "localhost.evil.example",
    "10.0.0.7",
    "127.0.0.1.evil.example",
    "",
    "a b",
    "[::2]",
  ])("%s: not where it listens on loopback", (host) =>
    expect(createHostCheck("127.0.0.1")(host)).toBe(false),
  );

  test("without a name: not at all", () => expect(createHostCheck("127.0.0.1")(undefined)).toBe(false));

  test.each(["10.0.0.7:4000", "[fe80::7]", "0.0.0.0:4000", hostname(), "localhost"])(
    "%s: where it listens to all",
    (host) => expect(createHostCheck("0.0.0.0")(host)).toBe(true),
  );

  test("evil.example: not even where it listens to all", () =>
    expect(createHostCheck("0.0.0.0")("evil.example")).toBe(false));

  test("by the name it listens on, or an allowed one", () => {
    expect(createHostCheck("render-box")("Render-Box:4000")).toBe(true);
    expect(createHostCheck("0.0.0.0", ["sandbox"])("sandbox:4000")).toBe(true);
    expect(createHostCheck("127.0.0.1", ["sandbox"])("sandbox:4000")).toBe(true);
  });
});

describe("a page whose name resolves to this machine gets nowhere", () => {
  test.each([
    "/api/external/v1/jobs",
    "/__sandbox/faults",
    "/__sandbox/stats",
    "/docs",
    "/docs/start.js",
    "/openapi.json",
    "/",
    "/nothing",
  ])("at %s", async (path) => {
    await using setup = await startSandbox();
    const headers = { host: "evil.example", authorization: `Bearer ${setup.sandbox.apiKeys[0]}` };
    const answer = await rawRequest(new URL(setup.sandbox.url).origin, { method: "GET", path, headers });
    expect(answer).toEqual({ status: 421, body: expect.stringMatching(/wrong_host.*--allow-host/) });
  });

  test("at the storage", async () => {
    await using setup = await startSandbox();
    const { uploadUrl } = await setup.api.createUpload();
    const { pathname, search } = new URL(uploadUrl);
    const headers = { host: "evil.example" };
    const answer = await rawRequest(uploadUrl, {
      method: "PUT",
      path: pathname + search,
      headers,
      body: "x",
    });
    expect(answer).toMatchObject({ status: 421, body: expect.stringContaining("WrongHost") });
  });
});

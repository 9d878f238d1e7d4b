import { once } from "node:events";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { generate } from "selfsigned";
import { describe, expect, onTestFinished, test } from "vitest";
import { describeFailure } from "../src/adapter.ts";
import type { Job } from "../src/index.ts";
import { createNodeClient } from "../src/node/index.ts";
import { startRawServer } from "./start-raw-server.ts";
import { startServer } from "./with-server.ts";

const JOB = { id: "j1", status: "created" };
const deep = (levels: number, open: string, close: string, inside = "") =>
  `${open.repeat(levels)}${inside}${close.repeat(levels)}`;

/** Bytes that an HTTP server does not send. */
const GARBAGE: Record<string, string | Buffer> = {
  "an SSH server": "SSH-2.0-OpenSSH_9.2p1\r\n",
  "a mail server": "220 mail.example ESMTP Postfix\r\n",
  "a radio station": "ICY 200 OK\r\n\r\n",
  "HTTP/2 only": Buffer.from([0, 0, 18, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 128]),
  "a TLS alert": Buffer.from([21, 3, 1, 0, 2, 2, 70]),
  "a bad chunk": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nhello\r\n",
  "a negative length": "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}",
  "a garbled header": "HTTP/1.1 200 OK\r\nX\0: 1\r\n\r\n{}",
  "a header without end": `HTTP/1.1 200 OK\r\nX: ${"a".repeat(40_000)}\r\n\r\n{}`,
  "two lengths": "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
  "a protocol nobody asked for":
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
  "half an answer": "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{",
  nothing: "",
};

describe("what is not HTTP", () => {
  test.each(Object.entries(GARBAGE))("%s is a failed connection, and tried again", async (_what, bytes) => {
    let connections = 0;
    const farm = await startRawServer((socket) => {
      connections += 1;
      socket.end(bytes);
    });
    await using client = createNodeClient({
      ...{ apiKey: "RJ-k", baseUrl: farm.url, env: {}, retry: { maxAttempts: 2, initialDelayMs: 0 } },
    });
    await expect(client.jobs.get("j1")).rejects.toMatchObject({
      code: "connection_failed",
      isRetryable: true,
      message: expect.stringContaining(farm.host),
      hint: expect.stringMatching(/\w/),
    });
    expect(connections).toBe(2);
  });

  test.each(Object.entries(GARBAGE))("%s to a start of the render: the job decides", async (_what, bytes) => {
    let status = "validated";
    await using server = await startServer(({ method }, response) => {
      if (method === "GET") return { body: { ...JOB, status } };
      status = "rendering";
      response.socket?.end(bytes);
      return undefined;
    });
    const started = await server.client.jobs.startRender("j1", { colorManagementPreset: "default" });
    expect(started).toMatchObject({ job: { status: "rendering" } });
  });

  test.each([
    ["garbage", "{", 200],
    ["a redirect", "", 302],
  ])("%s to a start that may not have begun is an outcome that is not known", async (_what, body, status) => {
    await using server = await startServer(({ method }) =>
      method === "GET" ? { body: { ...JOB, status: "validated" } } : { status, body },
    );
    const start = server.client.jobs.startRender("job-7", { colorManagementPreset: "default" });
    await expect(start).rejects.toMatchObject(
      status === 200
        ? { code: "outcome_unknown", isRetryable: true, hint: expect.stringContaining("job-7") }
        : { code: "request_refused", status },
    );
  });
});

describe("a certificate", () => {
  async function startTls(options: Parameters<typeof generate>[1]) {
    const pems = await generate([{ name: "commonName", value: "farm" }], options);
    const server = createTlsServer({ key: pems.private, cert: pems.cert }, (_, response) =>
      response.end("{}"),
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, ca: pems.cert };
  }
  const here = [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }] as const;
  const elsewhere = [{ name: "subjectAltName", altNames: [{ type: 2, value: "other.example" }] }] as const;
  const year = (offset: number) => new Date(Date.now() + offset * 365 * 86_400_000);

  test.each([
    [
      "that has expired",
      { notBeforeDate: year(-2), notAfterDate: year(-1), extensions: here },
      "CERT_HAS_EXPIRED",
      "clock",
    ],
    [
      "that is not valid yet",
      { notBeforeDate: year(1), notAfterDate: year(2), extensions: here },
      "CERT_NOT_YET_VALID",
      "clock",
    ],
    ["for another name", { extensions: elsewhere }, "ERR_TLS_CERT_ALTNAME_INVALID", "check the URL"],
  ])(
    "%s comes with a hint that helps, and that is not to trust another authority",
    async (_what, made, systemCode, hint) => {
      const { url, ca } = await startTls(made as never);
      await using client = createNodeClient({ apiKey: "RJ-k", baseUrl: url, env: {}, ca });
      const error = await client.jobs.get("j1").catch((thrown) => thrown);
      expect(error).toMatchObject({
        ...{ code: "connection_failed", systemCode, isRetryable: false, wasRequestSent: "no" },
        hint: expect.stringContaining(hint),
      });
      expect(error.hint).not.toContain("NODE_EXTRA_CA_CERTS");
    },
  );

  test("of an unknown authority comes with a hint how to trust it", async () => {
    const { url } = await startTls({ extensions: here } as never);
    await using client = createNodeClient({ apiKey: "RJ-k", baseUrl: url, env: {} });
    await expect(client.jobs.get("j1")).rejects.toMatchObject({
      systemCode: "DEPTH_ZERO_SELF_SIGNED_CERT",
      hint: expect.stringContaining("NODE_EXTRA_CA_CERTS"),
    });
  });
});

describe("an answer without end", () => {
  test("in drops is given up when its whole time is over", async () => {
    const farm = await startRawServer((socket) => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      const drip = setInterval(() => socket.write(" "), 5);
      socket.on("close", () => clearInterval(drip));
    });
    await using client = createNodeClient({
      ...{ apiKey: "RJ-k", baseUrl: farm.url, env: {}, timeoutMs: 60, retry: { maxAttempts: 1 } },
    });
    await expect(client.jobs.get("j1")).rejects.toMatchObject({ code: "request_timeout" });
  });

  test("in size is refused", async () => {
    const farm = await startRawServer((socket) => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      const piece = Buffer.alloc(1 << 20, " ");
      const pour = () => {
        while (!socket.destroyed && socket.write(piece));
      };
      socket.on("drain", pour);
      pour();
    });
    await using client = createNodeClient({ apiKey: "RJ-k", baseUrl: farm.url, env: {} });
    await expect(client.jobs.get("j1")).rejects.toMatchObject({
      code: "unexpected_response",
      message: expect.stringContaining("longer than"),
    });
  });

  test("in pages is refused", async () => {
    let made = 0;
    await using server = await startServer(() => ({
      body: { jobs: Array.from({ length: 5000 }, () => ({ id: `${made++}`, status: "created" })) },
    }));
    const readAll = async () => {
      let count = 0;
      for await (const _ of server.client.jobs.list()) count += 1;
      return count;
    };
    await expect(readAll()).rejects.toMatchObject({ code: "unexpected_response" });
  });
});

describe("an answer about another job", () => {
  const other = { id: "j2", status: "rendering" };

  test("is refused", async () => {
    await using server = await startServer(() => ({ body: other }));
    await expect(server.client.jobs.get("j1")).rejects.toMatchObject({
      code: "unexpected_response",
      message: expect.stringContaining("another job"),
    });
  });

  test("to an action makes us look at the job itself", async () => {
    await using server = await startServer(({ method }) => ({
      body: method === "POST" ? other : { ...JOB, status: "booting" },
    }));
    const { job } = await server.client.jobs.startRender("j1", { colorManagementPreset: "default" });
    expect(job).toMatchObject({ id: "j1", status: "booting" });
  });

  test("may write its id in other letters", async () => {
    await using server = await startServer(() => ({ body: { ...JOB, id: "AB-1" } }));
    expect(await server.client.jobs.get("ab-1")).toMatchObject({ id: "AB-1" });
  });
});

test("a reason as long as a log is cut", async () => {
  const job = { id: "j1", status: "failed", failedReason: { name: "x".repeat(800_000), type: "y" } } as Job;
  expect(describeFailure(job)?.length).toBeLessThan(1100);
});

describe("JSON that is nested without end", () => {
  test.each([
    ["arrays", deep(200_000, "[", "]")],
    ["objects", deep(100_000, '{"a":', "}", "1")],
  ])("%s: the answer is refused", async (_what, nested) => {
    await using server = await startServer(() => ({
      body: `{"data":{"id":"j1","status":"x","analysis":${nested}}}`,
    }));
    await expect(server.client.jobs.get("j1")).rejects.toMatchObject({ code: "unexpected_response" });
    await expect(server.client.jobs.progressOfAll()).rejects.toMatchObject({ code: "unexpected_response" });
    await expect(server.client.jobs.downloads("j1")).rejects.toMatchObject({ code: "unexpected_response" });
  });

  test("in an error: its status counts", async () => {
    await using server = await startServer(() => ({
      status: 400,
      body: deep(100_000, '{"error":', "}", "1"),
    }));
    const error = await server.client.jobs.get("j1").catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "invalid_request", status: 400 });
    expect(JSON.stringify(error).length).toBeLessThan(10_000);
  });
});

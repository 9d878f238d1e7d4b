import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { expect, test } from "vitest";
import { createWebService } from "../src/web-service/web-service.ts";
import { startFarm } from "./with-web-service.ts";

const JOB = "66a0c1f2e4b0d5a1c2d3e4f5";

async function listen(server: Server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

async function failureOf(
  url: string,
  options: { timeoutMs?: number; user?: string; password?: string } = {},
) {
  await using service = createWebService({ url, timeoutMs: 5000, ...options });
  return await service.getJob(JOB).then(
    () => undefined,
    (error) => error,
  );
}

test("a job is read, also when the URL ends in a slash or in /api", async () => {
  await using farm = await startFarm();
  const jobId = farm.emulator.addJob({ Name: "comp" });
  for (const url of [farm.emulator.url, `${farm.emulator.url}/`, `${farm.emulator.url}/api/`]) {
    await using service = createWebService({ url, timeoutMs: 5000 });
    expect(await service.getJob(jobId)).toEqual({
      id: jobId,
      name: "comp",
      state: "active",
      isUntouched: true,
    });
  }
});

test("a state that is not known is shown as such", async () => {
  await using farm = await startFarm();
  const jobId = farm.emulator.addJob();
  Object.assign(farm.emulator.jobs.get(jobId), { Stat: 9 });
  expect(await farm.service.getJob(jobId)).toMatchObject({ state: "unknown" });
  await expect(farm.apply("release", jobId)).rejects.toMatchObject({ code: "conflict" });
});

test("an unknown job", async () => {
  await using farm = await startFarm();
  await expect(farm.service.getJob(JOB)).rejects.toMatchObject({
    code: "not_found",
    isRetryable: false,
    message: `Deadline has no job ${JOB}.`,
  });
});

test("wrong credentials, and none", async () => {
  const auth = { user: "wrangler", password: "s3cret:pass" };
  await using farm = await startFarm({ auth });
  const wrong = await failureOf(farm.emulator.url, { user: "wrangler", password: "guessed" });
  expect(wrong).toMatchObject({ code: "authentication_failed", isRetryable: false });
  expect(wrong.message).toContain("does not accept");
  expect(await failureOf(farm.emulator.url)).toMatchObject({
    hint: expect.stringContaining("--password-file"),
  });
  expect(await failureOf(farm.emulator.url, auth)).toMatchObject({ code: "not_found" });
});

test("what Deadline says is quoted, without the password", async () => {
  const server = createServer((_request, response) =>
    response.writeHead(500).end("<html><b>No access</b> for wrangler:s3cret</html>"),
  );
  await using host = await listen(server);
  const error = await failureOf(`http://127.0.0.1:${host.port}`, { user: "wrangler", password: "s3cret" });
  expect(error).toMatchObject({ code: "server_error", isRetryable: true });
  expect(error.message).toContain("It says: No access for wrangler:[redacted]");
});

test("a Web Service that is silent", async () => {
  await using farm = await startFarm();
  farm.emulator.failNext("hang");
  const error = await failureOf(farm.emulator.url, { timeoutMs: 50 });
  expect(error).toMatchObject({ code: "request_timeout", isRetryable: true });
  expect(error.message).toContain("within 0.05 s");
});

test("nothing listens there", async () => {
  const server = createTcpServer();
  const host = await listen(server);
  await host[Symbol.asyncDispose]();
  const error = await failureOf(`http://127.0.0.1:${host.port}`);
  expect(error).toMatchObject({ code: "connection_failed", isRetryable: true });
  expect(error.message).toContain("ECONNREFUSED");
  expect(error.hint).toContain("deadlinewebservice");
});

test("https for a server without TLS", async () => {
  await using farm = await startFarm();
  expect(await failureOf(farm.emulator.url.replace("http:", "https:"))).toMatchObject({
    code: "invalid_option",
    hint: expect.stringContaining("Write http://"),
  });
});

test("http for a server with TLS, which hangs up", async () => {
  // What a TLS server does with a request that is none of TLS.
  await using host = await listen(createTcpServer((socket) => socket.once("data", () => socket.destroy())));
  expect(await failureOf(`http://127.0.0.1:${host.port}`)).toMatchObject({
    code: "connection_failed",
    hint: expect.stringContaining("write https://"),
  });
});

test.each([
  ["a page", 200, "<html>Welcome</html>"],
  ["no such path", 404, "Not Found"],
  ["JSON of something else", 200, '{"status":"up"}'],
  ["a redirect", 302, ""],
])("another server, which answers with %s", async (_what, status, body) => {
  const server = createServer((_request, response) => response.writeHead(status).end(body));
  await using host = await listen(server);
  const error = await failureOf(`http://127.0.0.1:${host.port}`);
  expect(error).toMatchObject({ code: "invalid_option", isRetryable: false });
  expect(error.message).toContain("is not a Deadline Web Service");
});

test.each(["deadline:8082", "ftp://deadline", "http://wrangler:s3cret@deadline:8082"])(
  "a URL that cannot be used: %s",
  (url) => {
    const act = () => createWebService({ url, timeoutMs: 1000 });
    expect(act).toThrow("The URL of Deadline's Web Service");
    expect(act).not.toThrow("s3cret");
  },
);

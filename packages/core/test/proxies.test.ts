import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";
import { generate } from "selfsigned";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { ProxyError } from "../src/adapter.ts";
import { createNodeClient, type NodeClientOptions } from "../src/node/index.ts";
import { startRawServer } from "./start-raw-server.ts";
import { startServer } from "./with-server.ts";

const JOB = { id: "j1", status: "created" };
const FARM = "https://farm.invalid/v1";
const NAMES = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"];

beforeEach(() => {
  for (const name of NAMES.flatMap((name) => [name, name.toLowerCase()])) vi.stubEnv(name, undefined);
});
afterEach(() => vi.unstubAllEnvs());

type Connect = (socket: Duplex, target: string) => void;

const refuseWith =
  (status: number): Connect =>
  (socket) =>
    socket.end(`HTTP/1.1 ${status} Refused\r\ncontent-length: 0\r\n\r\n`);

/** Remembers the addresses that clients want to reach. */
async function startProxy(onConnect: Connect = refuseWith(502), tls?: { key: string; cert: string }) {
  const asked: string[] = [];
  const proxy = tls ? createTlsServer(tls) : createServer();
  proxy.on("connect", (request, socket) => {
    asked.push(request.url ?? "");
    socket.on("error", () => undefined);
    onConnect(socket, request.url ?? "");
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return { host: `127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked };
}

async function ask(baseUrl: string, options: NodeClientOptions = {}, signal?: AbortSignal): Promise<unknown> {
  await using client = createNodeClient({
    ...{ apiKey: "RJ-k", baseUrl, env: {}, retry: { maxAttempts: 1 } },
    ...options,
  });
  return await client.jobs.get("j1", signal && { signal }).catch((error) => error);
}

describe("a proxy from the environment", () => {
  test.each(["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"])(
    "%s leads out",
    async (name) => {
      const proxy = await startProxy();
      vi.stubEnv(name, `http://${proxy.host}`);
      expect(await ask(FARM)).toMatchObject({ code: "connection_failed", proxy: proxy.host });
      expect(proxy.asked).toEqual(["farm.invalid:443"]);
    },
  );

  test("needs no scheme", async () => {
    const proxy = await startProxy();
    vi.stubEnv("HTTPS_PROXY", proxy.host);
    await ask(FARM);
    expect(proxy.asked).toEqual(["farm.invalid:443"]);
  });

  test("NO_PROXY is heeded", async () => {
    const proxy = await startProxy();
    vi.stubEnv("HTTPS_PROXY", proxy.host);
    vi.stubEnv("NO_PROXY", "farm.invalid");
    expect(await ask(FARM)).toMatchObject({ code: "connection_failed" });
    expect(proxy.asked).toEqual([]);
  });

  test.each(["127.0.0.1", "LOCALHOST", "localhost.", "farm.localhost", "127.1"])(
    "is not asked for this machine, and need not be right: %s",
    async (hostname) => {
      await using server = await startServer(() => ({ body: JOB }));
      vi.stubEnv("HTTP_PROXY", "http://:nonsense");
      expect(await ask(`http://${hostname}:${new URL(server.url).port}`)).toMatchObject(JOB);
    },
  );

  test.each([
    ["http://user:hidden@:x", "is not a valid proxy URL"],
    ["socks4://user:hidden@host:1080", "names a socks4: proxy"],
    ["http://user:hid%den@host:1", "percent|%"],
  ])("that cannot be used is named, without its password: %s", async (value, problem) => {
    vi.stubEnv("HTTPS_PROXY", value);
    const error = await ask(FARM);
    expect(error).toMatchObject({
      code: "invalid_option",
      option: "HTTPS_PROXY",
      message: expect.stringMatching(problem),
    });
    expect(JSON.stringify(error)).not.toContain("hid");
  });

  test.each([
    [407, false, "user name and password"],
    [403, false, "Ask whoever runs the proxy"],
    [503, true, "Try again"],
  ])("that refuses with %i says so", async (status, isRetryable, hint) => {
    const proxy = await startProxy(refuseWith(status));
    vi.stubEnv("HTTPS_PROXY", `http://user:hidden@${proxy.host}`);
    const error = (await ask(FARM, { retry: { maxAttempts: 2, initialDelayMs: 0 } })) as ProxyError;
    expect(error).toMatchObject({
      ...{ code: "connection_failed", status, isRetryable, wasRequestSent: "no" },
      message: expect.stringContaining(`The proxy ${proxy.host} refused to connect to farm.invalid:443`),
      hint: expect.stringContaining(hint),
    });
    expect(proxy.asked).toHaveLength(isRetryable ? 2 : 1);
    expect(JSON.stringify(error)).not.toContain("hidden");
  });

  test("that is not there is named, and not the farm", async () => {
    vi.stubEnv("HTTPS_PROXY", "127.0.0.1:1");
    expect(await ask(FARM)).toMatchObject({
      message: "Nothing is listening at the proxy 127.0.0.1:1 (ECONNREFUSED).",
      hint: expect.stringContaining("HTTPS_PROXY"),
    });
  });

  test("that is not a proxy at all is named", async () => {
    const { host } = await startRawServer((socket) => socket.end("SSH-2.0-OpenSSH_9.2\r\n"));
    vi.stubEnv("HTTPS_PROXY", host);
    expect(await ask(FARM)).toMatchObject({
      proxy: host,
      message: expect.stringContaining("does not speak HTTP"),
    });
  });

  test("that never answers does not make an abort wait", async () => {
    const stop = new AbortController();
    const proxy = await startProxy(() => stop.abort(new Error("enough")));
    vi.stubEnv("HTTPS_PROXY", proxy.host);
    expect(await ask(FARM, {}, stop.signal)).toMatchObject({ message: "enough" });
  });

  test("that never answers does not keep a client from closing", async () => {
    const asked = Promise.withResolvers<void>();
    const proxy = await startProxy(() => asked.resolve());
    vi.stubEnv("HTTPS_PROXY", proxy.host);
    const client = createNodeClient({ apiKey: "RJ-k", baseUrl: FARM, env: {} });
    const outcome = expect(client.jobs.get("j1")).rejects.toThrow(/closed/);
    await asked.promise;
    await client.close();
    await outcome;
  });

  test("that speaks TLS is trusted with the studio's own authority", async () => {
    const pems = await generate([{ name: "commonName", value: "proxy" }], {
      extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }],
    });
    const proxy = await startProxy(refuseWith(403), { key: pems.private, cert: pems.cert });
    vi.stubEnv("HTTPS_PROXY", `https://${proxy.host}`);
    expect(await ask(FARM)).toMatchObject({ systemCode: "DEPTH_ZERO_SELF_SIGNED_CERT", proxy: proxy.host });
    expect(await ask(FARM, { ca: pems.cert })).toMatchObject({ systemCode: "PROXY_403" });
  });
});

describe("a SOCKS proxy", () => {
  /** Leads everywhere to the one server; or refuses. */
  async function startSocks(port: number, reply: number) {
    const greeted = new WeakSet();
    return startRawServer((socket, received) => {
      if (!greeted.has(socket)) {
        greeted.add(socket);
        socket.write(Buffer.from([5, 0]));
      } else if (received[0] === 5) {
        socket.removeAllListeners("data").write(Buffer.from([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]));
        if (reply === 0) socket.pipe(connect(port, "127.0.0.1")).pipe(socket);
      }
    });
  }

  test.each(["socks5", "socks5h"])("%s:// leads out", async (scheme) => {
    const proxy = await startProxy();
    const socks = await startSocks(Number(proxy.host.split(":")[1]), 0);
    vi.stubEnv("ALL_PROXY", `${scheme}://${socks.host}`);
    // The server behind it speaks no TLS, which shows that it was reached.
    expect(await ask(FARM)).toMatchObject({ systemCode: expect.stringMatching(/^ERR_SSL_/) });
  });

  test("that refuses says so", async () => {
    const socks = await startSocks(0, 2);
    vi.stubEnv("ALL_PROXY", `socks5://${socks.host}`);
    expect(await ask(FARM)).toMatchObject({
      code: "connection_failed",
      message: expect.stringContaining("SOCKS proxy did not connect to farm.invalid"),
    });
  });
});

import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createFetchTransport, systemRuntime, type TransportRequest } from "../src/adapter.ts";

async function startServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/path?secret`;
}

function send(url: string, request: Partial<TransportRequest> = {}) {
  return createFetchTransport()({ method: "GET", url, headers: {}, timeoutMs: 5000, ...request });
}

async function* chunks(...texts: string[]) {
  // As `openSource` does: one buffer for all chunks.
  const shared = Buffer.alloc(16);
  for (const text of texts) yield shared.subarray(0, shared.write(text));
}

describe("an answer", () => {
  test.each([200, 404, 503])("of status %i is given as it is", async (status) => {
    const url = await startServer((_request, response) =>
      response
        .writeHead(
          status,
          [
            ["X-Odd", "a"],
            ["x-odd", "b"],
            ["Retry-After", "3"],
          ].flat(),
        )
        .end("grüße"),
    );
    const answer = await send(url);
    expect(answer).toMatchObject({ status, text: "grüße" });
    expect(answer.headers).toMatchObject({ "x-odd": "a, b", "retry-after": "3" });
  });

  test("without a body is empty", async () => {
    const url = await startServer((_request, response) => response.writeHead(204).end());
    expect(await send(url)).toMatchObject({ status: 204, text: "" });
  });

  test("that is cut off is a broken connection, and the request may have arrived", async () => {
    const url = await startServer((_request, response) => {
      response.writeHead(200, { "content-length": 100 });
      response.write("half", () => response.destroy());
    });
    await expect(send(url)).rejects.toMatchObject({ code: "connection_failed", wasRequestSent: "unknown" });
  });

  test("that comes in drops is given up, though it is never silent", async () => {
    const url = await startServer((request, response) => {
      const timer = setInterval(() => response.write("."), 1);
      request.once("close", () => clearInterval(timer));
    });
    await expect(send(url, { timeoutMs: 50 })).rejects.toMatchObject({
      code: "request_timeout",
      message: expect.stringMatching(/GET \/path\)/),
    });
  });

  test("that does not end is given up", async () => {
    const piece = Buffer.alloc(1024 * 1024);
    const url = await startServer((_request, response) => {
      const write = () => {
        while (!response.destroyed && response.write(piece));
      };
      response.on("drain", write);
      write();
    });
    await expect(send(url, { timeoutMs: 60_000 })).rejects.toMatchObject({
      code: "unexpected_response",
      message: expect.stringContaining("longer than"),
    });
  });
});

describe("what is sent", () => {
  async function receive(request: Partial<TransportRequest>) {
    const received = Promise.withResolvers<{ headers: object; body: string }>();
    const url = await startServer(async (incoming, response) => {
      received.resolve({ headers: incoming.headers, body: (await buffer(incoming)).toString() });
      response.end();
    });
    await send(url, request);
    return received.promise;
  }

  test("keeps the caller's headers", async () => {
    const headers = { authorization: "Bearer k", "content-type": "application/json" };
    const { body, headers: received } = await receive({ method: "POST", headers, body: "{}" });
    expect(body).toBe("{}");
    expect(received).toMatchObject(headers);
  });

  test("is an upload of exactly the announced length, without headers that were not announced", async () => {
    const headers = { "content-length": "7" };
    const { body, headers: received } = await receive({
      method: "PUT",
      headers,
      body: chunks("BLEN", "DER"),
    });
    expect(body).toBe("BLENDER");
    expect(received).toMatchObject({ "content-length": "7" });
    expect(Object.keys(received)).not.toContain("content-type");
    expect(Object.keys(received)).not.toContain("transfer-encoding");
  });

  test("is the Blob of a source that has one, without its type", async () => {
    const blob = new Blob(["BLENDER"], { type: "application/x-blender" });
    const body = Object.assign(chunks("not read"), { blob });
    const received = await receive({ method: "PUT", body });
    expect(received.body).toBe("BLENDER");
    expect(Object.keys(received.headers)).not.toContain("content-type");
  });

  test("has the time that a slow line needs", async () => {
    const held = Promise.withResolvers<void>();
    const url = await startServer(async (request, response) => {
      if (request.method !== "PUT") return;
      await buffer(request);
      await held.promise;
      response.end("stored");
    });
    const body = Object.assign(chunks(), { blob: new Blob([Buffer.alloc(4 * 1024 * 1024)]) });
    const upload = send(url, { method: "PUT", body, timeoutMs: 20 });
    await expect(send(url, { timeoutMs: 20 })).rejects.toMatchObject({ code: "request_timeout" });
    held.resolve();
    expect(await upload).toMatchObject({ text: "stored" });
  });
});

test("a source that fails while it is brought together fails as it says", async () => {
  async function* source() {
    yield* chunks("BLEN");
    throw new Error("the disk is gone");
  }
  await expect(send("http://127.0.0.1:1", { method: "PUT", body: source() })).rejects.toThrow(
    "the disk is gone",
  );
});

test("a name that nobody knows is surely not reached", async () => {
  await expect(send("http://nowhere.invalid")).rejects.toMatchObject({
    code: "connection_failed",
    wasRequestSent: "no",
  });
});

test("a signal that is aborted beforehand sends nothing", async () => {
  let requests = 0;
  const url = await startServer((_request, response) => {
    requests += 1;
    response.end();
  });
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(send(url, { signal })).rejects.toThrow("enough");
  await expect(send(url, { signal, method: "PUT", body: chunks("B") })).rejects.toThrow("enough");
  expect(requests).toBe(0);
});

test("where options of a request are refused, as in Cloudflare's Workers, it goes without them", async () => {
  const url = await startServer((_request, response) => response.end("here"));
  const [OurRequest, ourFetch] = [Request, fetch];
  onTestFinished(() => vi.unstubAllGlobals() && undefined);
  const refuse = (init: RequestInit = {}) => {
    for (const name of ["cache", "credentials", "mode"])
      if (name in init)
        throw new Error(`The '${name}' field on 'RequestInitializerDict' is not implemented.`);
  };
  vi.stubGlobal(
    "Request",
    class extends OurRequest {
      constructor(input: string, init?: RequestInit) {
        refuse(init);
        super(input, init);
      }
    },
  );
  vi.stubGlobal("fetch", (input: string, init?: RequestInit) => {
    refuse(init);
    return ourFetch(input, init);
  });
  expect(await send(url)).toMatchObject({ text: "here" });
});

describe("a sleep", () => {
  test("ends when its time is over", async () => {
    const startedMs = systemRuntime.monotonicMs();
    await systemRuntime.sleep(5);
    expect(systemRuntime.monotonicMs()).toBeGreaterThan(startedMs);
  });

  test("of more than a timer takes does not end at once, and ends with the signal", async () => {
    const stop = new AbortController();
    const ended = vi.fn();
    const sleeping = systemRuntime.sleep(2 ** 31 + 1, stop.signal).finally(ended);
    sleeping.catch(() => undefined);
    await systemRuntime.sleep(5);
    expect(ended).not.toHaveBeenCalled();
    stop.abort(new Error("enough"));
    await expect(sleeping).rejects.toThrow("enough");
    await expect(systemRuntime.sleep(0, stop.signal)).rejects.toThrow("enough");
  });
});

import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { signWebhook, type WebhookEvent } from "../src/index.ts";
import {
  createWebhookReceiver,
  type WebhookReceiverOptions,
  type WebhookRefusal,
} from "../src/node/index.ts";
import { startSandbox } from "./with-sandbox.ts";

const SECRET = "whsec_äöü";
const event = { event: "onRenderComplete", status: "completed", jobId: "job-1" };

/** A receiver that writes down what it hands over and what it turns away. */
async function startReceiver(options: Partial<WebhookReceiverOptions> = {}) {
  const events: WebhookEvent[] = [];
  const refusals: WebhookRefusal[] = [];
  const receiver = await createWebhookReceiver({
    secrets: [SECRET],
    onEvent: (one) => void events.push(one),
    onRefused: (refusal) => refusals.push(refusal),
    ...options,
  });
  return {
    ...receiver,
    events,
    refusals,
    /** Delivers as Renderjuice does. @returns the status and the answer */
    async deliver(payload: unknown = event, { secret = SECRET, nowMs = Date.now() } = {}) {
      const rawBody = typeof payload === "string" ? payload : JSON.stringify(payload);
      const headers = await signWebhook({ rawBody, secret, nowMs });
      const response = await fetch(receiver.url, { method: "POST", body: rawBody, headers });
      return { status: response.status, body: await response.json() };
    },
  };
}

test("a genuine delivery is handed over, and then answered", async () => {
  await using receiver = await startReceiver();
  expect(receiver.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  expect(await receiver.deliver()).toEqual({ status: 200, body: { received: true } });
  expect(receiver.events).toEqual([event]);
});

test("the signature is checked over the bytes as they came", async () => {
  await using receiver = await startReceiver();
  expect((await receiver.deliver(JSON.stringify(event, null, 2))).status).toBe(200);
});

test("either secret fits during a change of secret", async () => {
  await using receiver = await startReceiver({ secrets: ["the new one", SECRET] });
  expect((await receiver.deliver()).status).toBe(200);
  expect((await receiver.deliver({ ...event, jobId: "job-2" }, { secret: "the new one" })).status).toBe(200);
});

describe("turned away, and not handed over:", () => {
  test.each([
    ["another secret", 401, "signature_mismatch", { secret: "guessed" }],
    ["too old", 401, "timestamp_out_of_range", { nowMs: Date.now() - 301_000 }],
    ["from the future", 401, "timestamp_out_of_range", { nowMs: Date.now() + 302_000 }],
  ])("%s", async (_what, status, code, signing) => {
    await using receiver = await startReceiver();
    expect(await receiver.deliver(event, signing)).toEqual({ status, body: { error: { code } } });
    expect(receiver.events).toEqual([]);
    expect(receiver.refusals).toMatchObject([{ status, code, hint: expect.any(String) }]);
  });

  test("signed, but no event", async () => {
    await using receiver = await startReceiver();
    expect(await receiver.deliver([])).toEqual({
      status: 400,
      body: { error: { code: "malformed_payload" } },
    });
  });

  test("signed, but nested without end", async () => {
    await using receiver = await startReceiver();
    const nested = `{"event":"x","data":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    expect((await receiver.deliver(nested)).status).toBe(400);
    expect(receiver.events).toEqual([]);
  });

  test("unsigned", async () => {
    await using receiver = await startReceiver();
    const response = await fetch(receiver.url, { method: "POST", body: JSON.stringify(event) });
    expect(response.status).toBe(401);
    expect(receiver.events).toEqual([]);
  });

  test("another method, another path", async () => {
    await using receiver = await startReceiver({ path: "/renderjuice" });
    const read = await fetch(receiver.url);
    expect([read.status, read.headers.get("allow")]).toEqual([405, "POST"]);
    const { origin } = new URL(receiver.url);
    expect((await fetch(origin, { method: "POST" })).status).toBe(404);
    expect((await receiver.deliver()).status).toBe(200);
  });

  test("a body that is too large, with a length or without one", async () => {
    await using receiver = await startReceiver({ maxBodyBytes: 1000 });
    const padded = { ...event, padding: "x".repeat(1000) };
    expect((await receiver.deliver(padded)).status).toBe(413);
    const body = new Blob([JSON.stringify(padded)]).stream();
    const init: RequestInit & { duplex: "half" } = { method: "POST", body, duplex: "half" };
    expect((await fetch(receiver.url, init)).status).toBe(413);
    expect(receiver.events).toEqual([]);
  });
});

test("neither the answer nor the log shows a secret", async () => {
  const onEvent = () => Promise.reject(new Error(`cannot store ${SECRET}`));
  await using receiver = await startReceiver({ onEvent });
  const answers = [await receiver.deliver(), await receiver.deliver(event, { secret: "guessed" })];
  expect(answers.map(({ status }) => status)).toEqual([500, 401]);
  expect(JSON.stringify([answers, receiver.refusals])).not.toContain(SECRET);
});

describe("a repeated delivery", () => {
  test("is answered and not handed over again, also when it is signed anew", async () => {
    await using receiver = await startReceiver();
    await receiver.deliver();
    const repeated = await receiver.deliver(event, { nowMs: Date.now() - 60_000 });
    expect(repeated).toEqual({ status: 200, body: { received: true, repeated: true } });
    expect(receiver.events).toHaveLength(1);
  });

  test("is handed over again when the first could not be taken", async () => {
    let isDiskFull = true;
    const onEvent = () => {
      if (isDiskFull) throw new Error("no space left");
    };
    await using receiver = await startReceiver({ onEvent });
    expect((await receiver.deliver()).status).toBe(500);
    isDiskFull = false;
    expect(await receiver.deliver()).toEqual({ status: 200, body: { received: true } });
  });

  test("is remembered for as long as its signature is good", async () => {
    let nowMs = Math.floor(Date.now() / 1000) * 1000;
    await using receiver = await startReceiver({ now: () => nowMs });
    const signing = { nowMs: nowMs + 300_000 };
    await receiver.deliver(event, signing);
    nowMs += 600_000;
    expect((await receiver.deliver(event, signing)).body).toMatchObject({ repeated: true });
    nowMs += 1000;
    expect((await receiver.deliver(event, signing)).status).toBe(401);
  });
});

const HALF = "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\nhalf";

async function holdOpen(receiver: { url: string }, count: number, text: string) {
  const { port } = new URL(receiver.url);
  const sockets = Array.from({ length: count }, () => connect(Number(port), "127.0.0.1"));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  await Promise.all(
    sockets.map((socket) =>
      once(
        socket.on("error", () => undefined),
        "connect",
      ),
    ),
  );
  for (const socket of sockets) socket.write(text);
}

describe("connections that are held open", () => {
  test.each([
    ["say nothing", ""],
    ["begin a header", "POST / HTTP/1.1\r\nx-a: "],
    ["begin a body", HALF],
  ])("and %s do not keep a delivery out", async (_what, text) => {
    await using receiver = await startReceiver();
    await holdOpen(receiver, 400, text);
    expect((await receiver.deliver()).status).toBe(200);
    expect(receiver.events).toEqual([event]);
  });

  test("do not push out the delivery that is being taken", async () => {
    const work = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const onEvent = () => {
      begun.resolve();
      return work.promise;
    };
    await using receiver = await startReceiver({ onEvent });
    const delivery = receiver.deliver();
    await begun.promise;
    await holdOpen(receiver, 400, HALF);
    work.resolve();
    expect((await delivery).status).toBe(200);
  });
});

describe("closing", () => {
  test("waits for the delivery that is being taken", async () => {
    const work = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const onEvent = () => {
      begun.resolve();
      return work.promise;
    };
    const receiver = await startReceiver({ onEvent });
    const delivery = receiver.deliver();
    await begun.promise;
    const closed = receiver.close();
    work.resolve();
    expect((await delivery).status).toBe(200);
    await closed;
    await expect(receiver.deliver()).rejects.toThrow();
  });

  test("does not wait for a sender that does not come to an end", async () => {
    const receiver = await startReceiver();
    await holdOpen(receiver, 3, HALF);
    await receiver.close();
    expect(receiver.events).toEqual([]);
  });

  test("does not wait for a sender that has gone away in the middle", async () => {
    const receiver = await startReceiver();
    const socket = connect(Number(new URL(receiver.url).port), "127.0.0.1");
    await once(socket, "connect");
    await new Promise((resolve) =>
      socket.write("POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\nhalf", resolve),
    );
    socket.destroy();
    await receiver.close();
    expect(receiver.events).toEqual([]);
  });
});

test.each([
  ["no secret", { secrets: [""] }, "no secret"],
  ["an address that is not of this machine", { host: "192.0.2.1" }, "cannot be received at 192.0.2.1"],
])("does not start with %s", async (_what, options, message) => {
  await expect(startReceiver(options)).rejects.toThrow(message);
});

test("does not start on a port that is taken, and says so", async () => {
  await using receiver = await startReceiver();
  await expect(startReceiver({ port: Number(new URL(receiver.url).port) })).rejects.toMatchObject({
    message: expect.stringContaining("EADDRINUSE"),
    hint: expect.stringContaining("another port"),
  });
});

test("a render's webhook arrives once, though the sandbox sends it twice and misses the first answer", async () => {
  const arrived = Promise.withResolvers<WebhookEvent>();
  let attempts = 0;
  await using receiver = await startReceiver({
    onEvent: (one) => {
      attempts += 1;
      if (attempts === 1) throw new Error("not yet");
      arrived.resolve(one);
    },
  });
  const webhook = { url: receiver.url, secret: SECRET };
  await using setup = await startSandbox({ webhook, faults: ["webhook-duplicate"] });
  const { job } = await setup.client.submit(await setup.writeScene(), { frames: "1-2" });
  expect(await arrived.promise).toMatchObject({ event: "onRenderComplete", jobId: job.id });
  expect(attempts).toBe(2);
});

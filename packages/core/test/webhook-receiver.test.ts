import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { uploadSource } from "../src/adapter.ts";
import { signWebhook, type WebhookEvent } from "../src/index.ts";
import { createWebhookReceiver, openSource } from "../src/node/index.ts";
import type { WebhookReceiverOptions } from "../src/node/webhooks/webhook-receiver.ts";
import type { WebhookRefusal } from "../src/webhooks/webhook-refusal.ts";
import { startSandbox } from "./with-sandbox.ts";

const SECRET = "whsec_äöü";
const event = { event: "onRenderComplete", status: "completed", jobId: "job-1" };

/** A receiver that writes down what it hands over and what it turns away. */
async function startReceiver(options: Partial<WebhookReceiverOptions> = {}) {
  const events: WebhookEvent[] = [];
  const refusals: WebhookRefusal[] = [];
  const receiver = await createWebhookReceiver({
    secret: SECRET,
    onEvent: (one) => void events.push(one),
    onRefused: (refusal) => refusals.push(refusal),
    ...options,
  });
  return {
    ...receiver,
    events,
    refusals,
    /** Delivers as Renderjuice does. @returns the status and the answer */
    async deliver(payload: unknown = event, signal?: AbortSignal) {
      const body = JSON.stringify(payload);
      const headers = await signWebhook({ body, secret: SECRET });
      const response = await fetch(receiver.url, { method: "POST", body, headers, signal: signal ?? null });
      return { status: response.status, body: await response.json() };
    },
  };
}

test("deliveries come to its path, and to no other", async () => {
  await using receiver = await startReceiver({ path: "/renderjuice" });
  expect(receiver.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/renderjuice$/);
  const { origin } = new URL(receiver.url);
  expect((await fetch(origin, { method: "POST" })).status).toBe(404);
  expect(receiver.refusals).toMatchObject([{ status: 404, code: "wrong_path" }]);
  expect((await receiver.deliver()).status).toBe(200);
});

test.each([
  ["renderjuice", "/renderjuice"],
  ["", "/"],
  ["/ü", "/%C3%BC"],
])("the path %j is %s", async (path, pathname) => {
  await using receiver = await startReceiver({ path });
  expect(new URL(receiver.url).pathname).toBe(pathname);
  expect((await receiver.deliver()).status).toBe(200);
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

  test("does not wait for an onEvent that never ends once its sender has given up", async () => {
    const begun = Promise.withResolvers<void>();
    const receiver = await startReceiver({
      onEvent: () => {
        begun.resolve();
        return new Promise(() => undefined);
      },
    });
    const sender = new AbortController();
    const delivery = receiver.deliver(event, sender.signal);
    await begun.promise;
    const closed = receiver.close();
    sender.abort();
    await expect(delivery).rejects.toThrow();
    await closed;
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

describe("a loop over the receiver", () => {
  const numbered = (jobId: string) => ({ ...event, jobId });

  /** A receiver whose events only loops take. */
  const startFeed = () => startReceiver({ onEvent: undefined });

  test("gets each event once, and the sender hears that it was taken when the loop comes back", async () => {
    await using receiver = await startFeed();
    const loop = receiver[Symbol.asyncIterator]();
    const first = loop.next();
    let isAnswered = false;
    const deliveries = [receiver.deliver(), receiver.deliver()].map(async (delivery) => {
      const answer = await delivery;
      isAnswered = true;
      return answer;
    });
    expect((await first).value).toEqual(event);
    // A turn of the network, in which an answer would have come.
    expect((await fetch(receiver.url)).status).toBe(405);
    expect(isAnswered).toBe(false);
    const second = loop.next();
    const answers = await Promise.all(deliveries);
    expect(answers.map(({ body }) => body)).toContainEqual({ received: true, repeated: true });
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const other = receiver.deliver(numbered("job-2"));
    expect((await second).value).toMatchObject({ jobId: "job-2" });
    await loop.return?.();
    expect((await other).status).toBe(200);
  });

  test("does not keep events from another", async () => {
    await using receiver = await startFeed();
    const loops = [receiver[Symbol.asyncIterator](), receiver[Symbol.asyncIterator]()];
    const both = Promise.all(loops.map((loop) => loop.next()));
    const delivery = receiver.deliver();
    expect((await both).map(({ value }) => value)).toEqual([event, event]);
    for (const loop of loops) await loop.return?.();
    expect((await delivery).status).toBe(200);
  });

  test("gets what came before it, and what an earlier one has left", async () => {
    await using receiver = await startFeed();
    for (const jobId of ["1", "2"]) expect((await receiver.deliver(numbered(jobId))).status).toBe(200);
    const seen: string[] = [];
    for await (const { jobId } of receiver) {
      seen.push(jobId);
      break;
    }
    for await (const { jobId } of receiver) {
      seen.push(jobId);
      break;
    }
    expect(seen).toEqual(["1", "2"]);
  });

  test("ends when the receiver closes, also from inside", async () => {
    const receiver = await startFeed();
    const delivery = receiver.deliver();
    const seen: string[] = [];
    for await (const { jobId } of receiver) {
      seen.push(jobId);
      await receiver.close();
    }
    expect(seen).toEqual(["job-1"]);
    expect((await delivery).status).toBe(200);
    for await (const { jobId } of receiver) seen.push(jobId);
    expect(seen).toEqual(["job-1"]);
  });

  test("that waits for the next event ends when the receiver closes", async () => {
    const receiver = await startFeed();
    const next = receiver[Symbol.asyncIterator]().next();
    await receiver.close();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  test("leaves what it was not given to the sender, when the receiver closes", async () => {
    const receiver = await startFeed();
    const [slow, quick] = [receiver[Symbol.asyncIterator](), receiver[Symbol.asyncIterator]()];
    const given = [slow.next(), quick.next(), quick.next()];
    const deliveries = ["1", "2"].map((jobId) => receiver.deliver(numbered(jobId)));
    await Promise.all(given);
    await receiver.close();
    const statuses = (await Promise.all(deliveries)).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, 503]);
  });

  test("hears of events that onEvent has taken", async () => {
    await using receiver = await startReceiver();
    const next = receiver[Symbol.asyncIterator]().next();
    expect((await receiver.deliver()).status).toBe(200);
    expect((await next).value).toEqual(event);
    expect(receiver.events).toEqual([event]);
  });
});

test("a wait that polls once an hour ends at once when the receiver wakes it", async () => {
  await using receiver = await createWebhookReceiver({ secret: SECRET });
  const anHour = { initialMs: 3_600_000, maxMs: 3_600_000 };
  await using setup = await startSandbox({
    webhook: { url: receiver.url, secret: SECRET },
    client: { poll: anHour },
  });
  const { jobs } = setup.client;
  const slug = await uploadSource(setup.client, await openSource(await setup.writeScene()));
  const { id } = await jobs.create({ slug });
  const seen = Promise.withResolvers<void>();
  const wait = jobs.waitFor(id, { until: "finished", wake: receiver, onUpdate: () => seen.resolve() });
  await seen.promise;
  await jobs.validate(id);
  await expect.poll(async () => (await jobs.get(id)).status).toBe("validated");
  await jobs.startRender(id, { colorManagementPreset: "default", frameRanges: ["1"] });
  expect((await wait).status).toBe("completed");
});

test.each([
  ["no secret", { secret: [""] }, "no secret"],
  ["an address that is not of this machine", { host: "192.0.2.1" }, "cannot be received at 192.0.2.1"],
])("does not start with %s", async (_what, options, message) => {
  await expect(startReceiver(options)).rejects.toThrow(message);
});

test("does not start on a port that is taken, and says so", async () => {
  await using receiver = await startReceiver();
  await expect(startReceiver({ port: Number(new URL(receiver.url).port) })).rejects.toMatchObject({
    message: expect.stringContaining("EADDRINUSE"),
    hint: expect.stringContaining("choose another one"),
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

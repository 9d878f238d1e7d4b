import { createServer } from "node:http";
import { connect } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import express from "express";
import { Hono } from "hono";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createWebhookHandler, signWebhook, type WebhookEvent } from "../src/index.ts";
import { nodeWebhookHandler } from "../src/node/index.ts";
import type { WebhookHandlerOptions } from "../src/webhooks/delivery-handler.ts";
import type { WebhookRefusal } from "../src/webhooks/webhook-refusal.ts";
import { createExpress, listen, MOUNTS, type Mount } from "./webhook-mounts.ts";

const SECRET = "whsec_äöü";
const event = { event: "onRenderComplete", status: "completed", jobId: "job-1" };

/** A handler, somewhere, that writes down what it hands over and what it turns away. */
async function start(
  mount: (options: WebhookHandlerOptions) => Promise<Mount>,
  options: Partial<WebhookHandlerOptions> = {},
) {
  const events: WebhookEvent[] = [];
  const refusals: WebhookRefusal[] = [];
  const mounted = await mount({
    secret: SECRET,
    onEvent: (one) => void events.push(one),
    onRefused: (refusal) => refusals.push(refusal),
    ...options,
  });
  const send = (init: RequestInit & { duplex?: "half" }) => mounted.send(new Request(mounted.url, init));
  return {
    events,
    refusals,
    send,
    /** Delivers as Renderjuice does. @returns the status and the answer */
    async deliver(payload: unknown = event, { secret = SECRET, nowMs = Date.now() } = {}) {
      const body = typeof payload === "string" ? payload : JSON.stringify(payload);
      const headers = { "content-type": "application/json", ...(await signWebhook({ body, secret, nowMs })) };
      const response = await send({ method: "POST", body, headers });
      return { status: response.status, body: await response.json() };
    },
    [Symbol.asyncDispose]: () => mounted[Symbol.asyncDispose](),
  };
}

describe.each(Object.entries(MOUNTS))("webhooks in %s", (_name, mount) => {
  test("a genuine delivery is handed over, and then answered", async () => {
    await using handler = await start(mount);
    expect(await handler.deliver()).toEqual({ status: 200, body: { received: true } });
    expect(handler.events).toEqual([event]);
  });

  test("the signature is checked over the bytes as they came", async () => {
    await using handler = await start(mount);
    expect((await handler.deliver(JSON.stringify({ ...event, name: "wörld" }, null, 2))).status).toBe(200);
  });

  test("either secret fits while it is being changed", async () => {
    await using handler = await start(mount, { secret: ["the new one", SECRET] });
    expect((await handler.deliver()).status).toBe(200);
    expect((await handler.deliver({ ...event, jobId: "job-2" }, { secret: "the new one" })).status).toBe(200);
  });

  describe("turned away, and not handed over:", () => {
    test.each([
      ["another secret", 401, "signature_mismatch", { secret: "guessed" }],
      ["too old", 401, "timestamp_out_of_range", { nowMs: Date.now() - 301_000 }],
      ["from the future", 401, "timestamp_out_of_range", { nowMs: Date.now() + 302_000 }],
    ])("%s", async (_what, status, code, signing) => {
      await using handler = await start(mount);
      expect(await handler.deliver(event, signing)).toEqual({ status, body: { error: { code } } });
      expect(handler.events).toEqual([]);
      expect(handler.refusals).toMatchObject([{ status, code, hint: expect.any(String) }]);
    });

    test("signed, but not an event", async () => {
      await using handler = await start(mount);
      const nested = `{"event":"x","data":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
      for (const payload of [[], nested]) {
        const answer = await handler.deliver(payload);
        expect(answer).toEqual({ status: 400, body: { error: { code: "malformed_payload" } } });
      }
      expect(handler.events).toEqual([]);
    });

    test("unsigned", async () => {
      await using handler = await start(mount);
      const response = await handler.send({ method: "POST", body: JSON.stringify(event) });
      expect(response.status).toBe(401);
      expect(handler.events).toEqual([]);
    });

    test("another method", async () => {
      await using handler = await start(mount);
      const { status, headers } = await handler.send({ method: "GET" });
      expect([status, headers.get("allow")]).toEqual([405, "POST"]);
    });

    test("a body that is too long, with a length or without one", async () => {
      await using handler = await start(mount, { maxBodyBytes: 1000 });
      const padded = { ...event, padding: "x".repeat(1000) };
      expect((await handler.deliver(padded)).status).toBe(413);
      const body = new Blob([JSON.stringify(padded)]).stream();
      const headers = await signWebhook({ body: JSON.stringify(padded), secret: SECRET });
      const response = await handler.send({ method: "POST", body, headers, duplex: "half" });
      expect(response.status).toBe(413);
      expect(handler.events).toEqual([]);
    });
  });

  test("neither the answer nor the log shows a secret", async () => {
    const onEvent = () => Promise.reject(new Error(`cannot store ${SECRET}`));
    await using handler = await start(mount, { onEvent });
    const answers = [await handler.deliver(), await handler.deliver(event, { secret: "guessed" })];
    expect(answers.map(({ status }) => status)).toEqual([500, 401]);
    expect(handler.refusals[0]).toMatchObject({
      code: "not_taken",
      stack: expect.stringContaining(".test.ts"),
    });
    expect(JSON.stringify([answers, handler.refusals])).not.toContain(SECRET);
  });

  test.each<[string, () => unknown]>([
    [
      "at once",
      () => {
        throw new Error("no space left");
      },
    ],
    ["later", () => Promise.reject(new Error("no space left"))],
  ])("a log that fails %s does not cost the answer, or the server", async (_when, onRefused) => {
    await using handler = await start(mount, { onRefused });
    expect((await handler.deliver(event, { secret: "guessed" })).status).toBe(401);
  });

  describe("a repeated delivery", () => {
    test("is answered and not handed over again, also when it has a new signature", async () => {
      await using handler = await start(mount);
      await handler.deliver();
      const repeated = await handler.deliver(event, { nowMs: Date.now() - 60_000 });
      expect(repeated).toEqual({ status: 200, body: { received: true, repeated: true } });
      expect(handler.events).toHaveLength(1);
    });

    test("is handed over again when the first could not be taken", async () => {
      let isDiskFull = true;
      const onEvent = () => {
        if (isDiskFull) throw new Error("no space left");
      };
      await using handler = await start(mount, { onEvent });
      expect((await handler.deliver()).status).toBe(500);
      isDiskFull = false;
      expect(await handler.deliver()).toEqual({ status: 200, body: { received: true } });
    });

    test("is remembered for as long as its signature is good", async () => {
      let nowMs = Math.floor(Date.now() / 1000) * 1000;
      await using handler = await start(mount, { now: () => nowMs });
      const signing = { nowMs: nowMs + 300_000 };
      await handler.deliver(event, signing);
      nowMs += 600_000;
      expect((await handler.deliver(event, signing)).body).toMatchObject({ repeated: true });
      nowMs += 1000;
      expect((await handler.deliver(event, signing)).status).toBe(401);
    });
  });

  test.each([
    { secret: "" },
    { secret: [""] },
    { secret: " \n" },
    { secret: ["\t"] },
    { secret: [] },
    { secret: undefined as never },
  ])("does not begin with $secret for a secret", async ({ secret }) => {
    await expect(start(mount, { secret })).rejects.toMatchObject({ code: "invalid_option" });
  });
});

describe("a body that something has read before", () => {
  test.each([
    [
      "express.json()",
      (options: WebhookHandlerOptions) => listen(createServer(createExpress(options, express.json()))),
    ],
    [
      "a handler of Hono that parses it",
      (options: WebhookHandlerOptions) => {
        const handler = createWebhookHandler(options);
        const app = new Hono().post("*", async (c) => {
          await c.req.json();
          return handler(c.req.raw);
        });
        return listen(createAdaptorServer({ fetch: app.fetch }) as ReturnType<typeof createServer>);
      },
    ],
  ])("by %s is an error of ours that says what to change", async (_what, mount) => {
    await using handler = await start(mount);
    expect(await handler.deliver()).toEqual({ status: 500, body: { error: { code: "body_not_raw" } } });
    expect(handler.events).toEqual([]);
    expect(handler.refusals).toMatchObject([{ hint: expect.stringContaining("express.json()") }]);
  });

  test.each([
    ["as text", express.text({ type: () => true })],
    [
      "and kept beside what was parsed",
      express.json({ verify: (request, _response, bytes) => Object.assign(request, { rawBody: bytes }) }),
    ],
  ])("%s is verified", async (_what, parser) => {
    await using handler = await start((options) => listen(createServer(createExpress(options, parser))));
    expect((await handler.deliver()).status).toBe(200);
  });
});

test("a sender that disconnects in the middle is not our failure", async () => {
  const refused = Promise.withResolvers<WebhookRefusal>();
  const handler = nodeWebhookHandler({
    secret: SECRET,
    onEvent: () => undefined,
    onRefused: refused.resolve,
  });
  await using mount = await listen(createServer(handler));
  const socket = connect(Number(new URL(mount.url).port), "127.0.0.1");
  socket.write("POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\nhalf", () =>
    socket.destroy(),
  );
  expect(await refused.promise).toMatchObject({ status: 400, code: "body_incomplete" });
});

test("without a log, what onEvent throws is on the console, and what strangers send is not", async () => {
  const printed = vi.spyOn(console, "error").mockImplementation(() => undefined);
  onTestFinished(() => printed.mockRestore());
  const onEvent = () => Promise.reject(new Error(`cannot store ${SECRET}`));
  const [[, mount] = []] = Object.entries(MOUNTS);
  if (!mount) throw new Error("There are no mounts.");
  await using handler = await start(mount, { onEvent, onRefused: undefined });
  await handler.deliver(event, { secret: "guessed" });
  expect(printed).not.toHaveBeenCalled();
  await handler.deliver();
  const [text] = printed.mock.calls[0] ?? [];
  expect(text).toMatch(/cannot store \[redacted\][\s\S]*\.test\.ts/);
});

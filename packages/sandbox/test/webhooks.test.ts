import { createHmac } from "node:crypto";
import { verifyWebhook } from "@renderjuice/core";
import { webhookKey } from "@renderjuice/core/adapter";
import { describe, expect, test } from "vitest";
import type { SandboxOptions, WebhookTarget } from "../src/index.ts";
import { createNamingRenderer } from "./naming-renderer.ts";
import { type Received, startReceiver } from "./with-receiver.ts";
import { createTestClock, startSandbox } from "./with-sandbox.ts";

const SECRET = "whsec_äöü";

/** A sandbox that delivers to a receiver, with a clock that only webhooks wait for. */
async function startWithReceiver({
  answers = [200],
  target = {},
  redirectTo,
  ...options
}: SandboxOptions & { answers?: number[]; target?: Partial<WebhookTarget>; redirectTo?: string } = {}) {
  const receiver = await startReceiver(answers, redirectTo);
  const clock = createTestClock();
  const webhook = { url: receiver.url, secret: SECRET, ...target };
  const setup = await startSandbox({ clock, simulatedStepMs: 0, webhook, ...options });
  const { received } = receiver;
  return {
    ...setup,
    clock,
    receiver,
    received,
    arrivals: (count: number) => expect.poll(() => received.length, { interval: 1 }).toBe(count),
    attempts: (count: number) =>
      expect.poll(() => setup.sandbox.deliveries().length, { interval: 1 }).toBe(count),
    async [Symbol.asyncDispose]() {
      await setup.sandbox.close();
      await receiver[Symbol.asyncDispose]();
    },
  };
}

function verify({ rawBody, headers }: Received, nowMs: number) {
  return verifyWebhook({ body: rawBody, headers, secret: SECRET, nowMs });
}

function timestampOf({ headers }: Received): number {
  return Number(headers["x-renderjuice-timestamp"]);
}

describe("a completed job", () => {
  test("is delivered with the documented payload", async () => {
    await using setup = await startWithReceiver();
    const job = await setup.api.complete();
    await setup.arrivals(1);
    const [delivery] = setup.received;
    expect(delivery).toMatchObject({
      method: "POST",
      path: "/hook?from=farm",
      headers: { "content-type": "application/json" },
    });
    expect(JSON.parse(delivery?.rawBody ?? "")).toEqual({
      event: "onRenderComplete",
      status: "completed",
      jobId: job.id,
      workspaceId: job.workspaceId,
      completedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      outputs: { frames: (await setup.api.downloads(job.id)).frames },
    });
  });

  test("is signed as documented: bare hex of HMAC-SHA256 over time, dot and raw body", async () => {
    await using setup = await startWithReceiver();
    await setup.api.complete();
    await setup.arrivals(1);
    const { headers, rawBody } = setup.received[0] as Received;
    const seconds = Math.floor(setup.clock.now() / 1000);
    expect(headers["x-renderjuice-timestamp"]).toBe(String(seconds));
    expect(headers["x-renderjuice-signature"]).toBe(
      createHmac("sha256", SECRET).update(`${seconds}.${rawBody}`).digest("hex"),
    );
    await expect(verify(setup.received[0] as Received, setup.clock.now())).resolves.toHaveProperty("jobId");
  });

  test("comes with frame URLs that work, whatever the frames are called", async () => {
    await using setup = await startWithReceiver({ renderer: createNamingRenderer("50% #1+ü_0001.png") });
    await setup.api.complete();
    await setup.arrivals(1);
    const { outputs } = JSON.parse(setup.received[0]?.rawBody ?? "");
    expect(await (await fetch(outputs.frames[0])).text()).toBe("50% #1+ü_0001.png");
  });

  test("without frames has no outputs", async () => {
    await using setup = await startWithReceiver({ simulatedScene: { frameStart: 1, frameEnd: 0 } });
    await setup.api.complete();
    await setup.arrivals(1);
    expect(JSON.parse(setup.received[0]?.rawBody ?? "")).not.toHaveProperty("outputs");
  });
});

describe("a job that did not complete", () => {
  async function fail({ api }: Awaited<ReturnType<typeof startWithReceiver>>) {
    const { id } = await api.createJob(Buffer.from("text"));
    await api.validate(id);
    return api.reach(id, "failed");
  }

  test("is not announced: the documentation says not yet", async () => {
    await using setup = await startWithReceiver();
    await fail(setup);
    const { id } = await setup.api.complete();
    await setup.arrivals(1);
    expect(setup.received).toMatchObject([{ jobId: id }]);
  });

  test("is announced where that is wished for", async () => {
    await using setup = await startWithReceiver({ target: { sendFailures: true } });
    const { id } = await fail(setup);
    await setup.arrivals(1);
    expect(await verify(setup.received[0] as Received, setup.clock.now())).toMatchObject({
      event: "onRenderFail",
      status: "failed",
      jobId: id,
    });
  });

  test("is never announced when somebody canceled it", async () => {
    await using setup = await startWithReceiver({ target: { sendFailures: true } });
    const canceled = await setup.api.createJob();
    await setup.api.post(`/jobs/${canceled.id}/cancel`);
    const { id } = await setup.api.complete();
    await setup.arrivals(1);
    expect(setup.received).toMatchObject([{ jobId: id }]);
  });
});

describe("a delivery is repeated", () => {
  test.each([302, 404, 429, 500, 503])("after %i", async (status) => {
    await using setup = await startWithReceiver({ answers: [status, 200] });
    const { id } = await setup.api.complete();
    await setup.attempts(1);
    setup.clock.advance(1000);
    await setup.attempts(2);
    const startMs = setup.clock.now() - 1000;
    const entry = { jobId: id, event: "onRenderComplete" };
    expect(setup.sandbox.deliveries()).toEqual([
      { ...entry, attempt: 1, atMs: startMs, outcome: String(status) },
      { ...entry, attempt: 2, atMs: startMs + 1000, outcome: "200" },
    ]);
  });

  test.each([200, 201, 204])("but not after %i", async (status) => {
    await using setup = await startWithReceiver({ answers: [status] });
    await setup.api.complete();
    await setup.attempts(1);
    setup.clock.advance(3_600_000);
    await setup.api.complete();
    await setup.attempts(2);
    expect(setup.sandbox.deliveries().map(({ attempt }) => attempt)).toEqual([1, 1]);
  });

  test("after longer and longer pauses, five times at most, with the same body and a new signature", async () => {
    await using setup = await startWithReceiver({ answers: [500, 500, 500, 500, 500, 200] });
    const startMs = setup.clock.now();
    const { id } = await setup.api.complete();
    for (const [index, pauseMs] of [1000, 5000, 25_000, 125_000].entries()) {
      await setup.attempts(index + 1);
      await expect(verify(setup.received[index] as Received, setup.clock.now())).resolves.toBeDefined();
      setup.clock.advance(pauseMs);
    }
    await setup.attempts(5);
    setup.clock.advance(3_600_000);
    const next = await setup.api.complete();
    await setup.attempts(6);
    expect(setup.sandbox.deliveries().map(({ jobId, attempt }) => [jobId, attempt])).toEqual([
      ...[1, 2, 3, 4, 5].map((attempt) => [id, attempt]),
      [next.id, 1],
    ]);
    expect(setup.received.slice(0, 5).map((delivery) => timestampOf(delivery) - startMs / 1000)).toEqual([
      0, 1, 6, 31, 156,
    ]);
    expect(new Set(setup.received.slice(0, 5).map(({ rawBody }) => rawBody)).size).toBe(1);
  });

  test("not a moment before its pause is over", async () => {
    await using setup = await startWithReceiver({ answers: [500, 200] });
    await setup.api.complete();
    await setup.attempts(1);
    setup.clock.advance(999);
    await setup.api.complete();
    await setup.attempts(2);
    expect(setup.sandbox.deliveries().map(({ attempt }) => attempt)).toEqual([1, 1]);
    setup.clock.advance(1);
    await setup.attempts(3);
  });

  test("when the receiver has not answered for 7 s", async () => {
    await using setup = await startWithReceiver({ answers: [0, 200] });
    await setup.api.complete();
    await setup.arrivals(1);
    setup.clock.advance(6999);
    expect((await setup.api.get("/jobs")).status).toBe(200);
    expect(setup.sandbox.deliveries()).toEqual([]);
    setup.clock.advance(1);
    await setup.attempts(1);
    setup.clock.advance(1000);
    await setup.attempts(2);
    expect(setup.sandbox.deliveries()).toMatchObject([
      { attempt: 1, outcome: "no response within 7 s" },
      { attempt: 2, outcome: "200" },
    ]);
  });

  test("when nobody listens", async () => {
    await using setup = await startWithReceiver();
    await setup.receiver.stop();
    await setup.api.complete();
    await setup.attempts(1);
    expect(setup.sandbox.deliveries()).toMatchObject([{ outcome: expect.stringContaining("ECONNREFUSED") }]);
  });
});

test("a redirect is not followed, and no key leaves", async () => {
  await using other = await startReceiver();
  await using setup = await startWithReceiver({ answers: [302], redirectTo: other.url });
  await setup.api.complete();
  await setup.attempts(1);
  setup.clock.advance(1000);
  await setup.attempts(2);
  expect(other.received).toEqual([]);
  for (const key of setup.sandbox.apiKeys) expect(JSON.stringify(setup.received)).not.toContain(key);
});

test("the log of deliveries can be read over HTTP, without a key", async () => {
  await using setup = await startWithReceiver();
  await setup.api.complete();
  await setup.attempts(1);
  const response = await fetch(new URL("/__sandbox/deliveries", setup.sandbox.url));
  expect(await response.json()).toEqual(setup.sandbox.deliveries());
});

test("closing does not wait for a receiver that is silent", async () => {
  await using setup = await startWithReceiver({ answers: [0] });
  await setup.api.complete();
  await setup.arrivals(1);
  await setup.sandbox.close();
  expect(setup.received).toHaveLength(1);
});

describe("on demand a webhook", () => {
  test("comes twice", async () => {
    await using setup = await startWithReceiver({ faults: ["webhook-duplicate"] });
    await setup.api.complete();
    await setup.arrivals(2);
    const events = await Promise.all(setup.received.map((delivery) => verify(delivery, setup.clock.now())));
    expect(new Set(events.map(webhookKey)).size).toBe(1);
  });

  test.each([
    ["webhook-late", 2000],
    ["webhook-late:60000", 60_000],
  ])("comes late: %s", async (fault, delayMs) => {
    await using setup = await startWithReceiver({ faults: [fault] });
    const late = await setup.api.complete();
    const startMs = setup.clock.now();
    setup.clock.advance(delayMs - 1);
    const punctual = await setup.api.complete();
    await setup.attempts(1);
    setup.clock.advance(1);
    await setup.attempts(2);
    expect(setup.sandbox.deliveries()).toMatchObject([
      { jobId: punctual.id },
      { jobId: late.id, atMs: startMs + delayMs },
    ]);
    expect(JSON.parse(setup.received[1]?.rawBody ?? "").completedAt).toBe(new Date(startMs).toISOString());
  });

  test("comes after the next, even when that takes a second attempt", async () => {
    await using setup = await startWithReceiver({ faults: ["webhook-reordered*2"], answers: [500, 200] });
    const held = [await setup.api.complete(), await setup.api.complete()];
    const next = await setup.api.complete();
    await setup.attempts(1);
    setup.clock.advance(1000);
    await setup.attempts(4);
    const order = setup.sandbox.deliveries().map(({ jobId }) => jobId);
    expect(order.slice(0, 2)).toEqual([next.id, next.id]);
    expect(order.slice(2).sort()).toEqual(held.map(({ id }) => id).sort());
  });

  test("is signed with another secret", async () => {
    await using setup = await startWithReceiver({ faults: ["webhook-mis-signed"] });
    await setup.api.complete();
    await setup.api.complete();
    await setup.arrivals(2);
    const results = await Promise.allSettled(
      setup.received.map((delivery) => verify(delivery, setup.clock.now())),
    );
    expect(results).toMatchObject([
      { status: "rejected", reason: { code: "signature_mismatch" } },
      { status: "fulfilled" },
    ]);
  });
});

import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { verifyWebhook, type WebhookEvent } from "@renderjuice/core";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Sandbox, SandboxOptions } from "../src/index.ts";
import { createTestClock, startSandbox, type TestClock } from "./with-sandbox.ts";

const SECRET = "a secret of the studio";

interface Delivery {
  readonly headers: Record<string, string | string[] | undefined>;
  readonly rawBody: string;
}

/** A real receiver; answers 204 unless told otherwise. */
async function startReceiver(
  answer: (count: number, response: ServerResponse) => number | undefined = () => 204,
) {
  const received: Delivery[] = [];
  const server = createServer(async (request, response) => {
    received.push({ headers: request.headers, rawBody: await text(request) });
    const status = answer(received.length, response);
    if (status !== undefined) response.writeHead(status).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

async function start(url: string, options: SandboxOptions & { sendFailures?: boolean } = {}) {
  const { sendFailures = false, ...rest } = options;
  return startSandbox({ webhook: { url, secret: SECRET, sendFailures }, ...rest });
}

async function verify({ headers, rawBody }: Delivery, nowMs = Date.now()): Promise<WebhookEvent> {
  return verifyWebhook({ rawBody, headers, secrets: [SECRET], nowMs });
}

/** Lets the pauses between attempts pass, each after the attempt before it. */
async function pass(sandbox: Sandbox, clock: TestClock, pausesMs: readonly number[]): Promise<void> {
  for (const [index, pauseMs] of pausesMs.entries()) {
    await expect.poll(() => sandbox.deliveries().length).toBe(index + 1);
    await clock.tick(1, pauseMs);
  }
  await expect.poll(() => sandbox.deliveries().length).toBe(pausesMs.length + 1);
}

describe("a completed job", () => {
  test("is announced once, signed, with signed URLs of its frames", async () => {
    const { received, url } = await startReceiver();
    await using setup = await start(url);
    const job = await setup.api.complete();
    await expect.poll(() => received.length).toBe(1);
    const [delivery] = received as [Delivery];
    expect(delivery.headers["content-type"]).toBe("application/json");
    expect(delivery.headers["x-renderjuice-timestamp"]).toMatch(/^\d{10}$/);
    expect(delivery.headers["x-renderjuice-signature"]).toMatch(/^[0-9a-f]{64}$/);
    const event = await verify(delivery);
    expect(event).toMatchObject({
      event: "onRenderComplete",
      jobId: job.id,
      status: "completed",
      workspaceId: job.workspaceId,
      completedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    const frames = event.outputs?.frames ?? [];
    expect(frames).toHaveLength(3);
    expect((await fetch(frames[0] ?? "")).status).toBe(200);
  });

  test("is announced by no more than that: no key, no redirect followed", async () => {
    const other = await startReceiver();
    const { received, url } = await startReceiver((_count, response) => {
      response.writeHead(302, { location: other.url }).end();
      return undefined;
    });
    await using setup = await start(url, { clock: createTestClock(), simulatedStepMs: 0 });
    await setup.api.complete();
    await expect.poll(() => setup.sandbox.deliveries()).toMatchObject([{ outcome: "302" }]);
    expect(other.received).toEqual([]);
    expect(JSON.stringify(received)).not.toContain(setup.sandbox.apiKeys[0]);
  });
});

describe("a failed job", () => {
  test.each([
    [false, 0],
    [true, 1],
  ])("is announced only when asked for: %s", async (sendFailures, expected) => {
    const { received, url } = await startReceiver();
    await using setup = await start(url, { sendFailures, faults: ["render-crash"] });
    const { id } = await setup.api.createJob();
    await setup.api.validate(id);
    await setup.api.reach(id, "validated");
    await setup.api.render(id);
    await setup.api.reach(id, "failed");
    // A completed job after it shows that the failed one is not merely late.
    await setup.api.complete();
    await expect.poll(() => received.length).toBe(expected + 1);
    const events = await Promise.all(received.map((delivery) => verify(delivery)));
    expect(events.filter(({ event }) => event === "onRenderFail").map(({ jobId }) => jobId)).toEqual(
      expected ? [id] : [],
    );
  });
});

describe("a receiver that does not take it", () => {
  test("is tried again after growing pauses, and each attempt is signed anew", async () => {
    const { received, url } = await startReceiver((count) => (count < 3 ? 500 : 200));
    const clock = createTestClock();
    await using setup = await start(url, { clock, simulatedStepMs: 0 });
    const { id } = await setup.api.complete();
    await pass(setup.sandbox, clock, [1000, 5000]);
    expect(setup.sandbox.deliveries()).toMatchObject([
      { jobId: id, event: "onRenderComplete", attempt: 1, outcome: "500" },
      { attempt: 2, outcome: "500" },
      { attempt: 3, outcome: "200" },
    ]);
    const [first, , third] = received as [Delivery, Delivery, Delivery];
    expect(third.rawBody).toBe(first.rawBody);
    await verify(third, clock.now());
    expect(third.headers["x-renderjuice-timestamp"]).not.toBe(first.headers["x-renderjuice-timestamp"]);
  });

  test("is given up after five attempts", async () => {
    const { received, url } = await startReceiver(() => 503);
    const clock = createTestClock();
    await using setup = await start(url, { clock, simulatedStepMs: 0 });
    await setup.api.complete();
    await pass(setup.sandbox, clock, [1000, 5000, 25_000, 125_000]);
    clock.advance(10_000_000);
    expect(received).toHaveLength(5);
  });

  test("is not waited for longer than 7 seconds", async () => {
    const { received, url } = await startReceiver(() => undefined);
    const clock = createTestClock();
    await using setup = await start(url, { clock, simulatedStepMs: 0 });
    await setup.api.complete();
    await expect.poll(() => received.length).toBe(1);
    clock.advance(6999);
    expect(setup.sandbox.deliveries()).toEqual([]);
    clock.advance(1);
    await expect.poll(() => setup.sandbox.deliveries()).toMatchObject([{ outcome: "no answer within 7 s" }]);
  });

  test("because nobody listens is written down as such", async () => {
    await using setup = await start("http://127.0.0.1:1/hook", {
      clock: createTestClock(),
      simulatedStepMs: 0,
    });
    await setup.api.complete();
    await expect
      .poll(() => setup.sandbox.deliveries())
      .toMatchObject([{ outcome: expect.stringMatching(/ECONNREFUSED|bad port/) }]);
  });
});

describe("faults", () => {
  test("a delivery comes twice", async () => {
    const { received, url } = await startReceiver();
    await using setup = await start(url, { faults: ["webhook-duplicate"] });
    await setup.api.complete();
    await expect.poll(() => received.length).toBe(2);
    const [first, second] = received.map(({ rawBody }) => JSON.parse(rawBody).jobId);
    expect(first).toBe(second);
  });

  test("a delivery comes late", async () => {
    const { received, url } = await startReceiver();
    const clock = createTestClock();
    await using setup = await start(url, { clock, simulatedStepMs: 0, faults: ["webhook-late:60000"] });
    await setup.api.complete();
    expect(received).toEqual([]);
    await clock.tick(1, 60_000);
    await expect.poll(() => received.length).toBe(1);
  });

  test("two deliveries come in the wrong order", async () => {
    const { received, url } = await startReceiver();
    await using setup = await start(url, { faults: ["webhook-reordered"] });
    const first = await setup.api.complete();
    const second = await setup.api.complete();
    await expect.poll(() => received.length).toBe(2);
    const ids = received.map(({ rawBody }) => JSON.parse(rawBody).jobId);
    expect(ids).toEqual([second.id, first.id]);
  });

  test("a delivery is signed by somebody else", async () => {
    const { received, url } = await startReceiver();
    await using setup = await start(url, { faults: ["webhook-mis-signed"] });
    await setup.api.complete();
    await expect.poll(() => received.length).toBe(1);
    await expect(verify(received[0] as Delivery)).rejects.toMatchObject({
      code: expect.stringMatching(/signature/),
    });
  });
});

import { describe, expect, test } from "vitest";
import type { ClientEvent } from "../src/adapter.ts";
import type { WebhookEvent } from "../src/index.ts";
import { createManualRuntime } from "./manual-runtime.ts";
import { type Answer, startServer } from "./with-server.ts";

const PAGE_SIZE = 100;

/** A server with many jobs, whose statuses the test changes; counts the requests. */
async function startFarm({ jobs = 1, statuses = new Map<string, string>() } = {}) {
  const runtime = createManualRuntime();
  const ids = Array.from({ length: jobs }, (_, index) => `job-${index}`);
  const asked = { list: 0, progress: 0, single: 0 };
  let isDown = false;
  /** What is answered otherwise, by path; undefined lets the client wait for ever. */
  const odd = new Map<string, Answer | undefined>();
  const show = (id: string) => ({ id, status: statuses.get(id) ?? "rendering" });
  const server = await startServer(
    ({ path }) => {
      const { pathname, searchParams } = new URL(path, "http://farm");
      if (isDown) return { status: 503 };
      const isProgress = pathname.endsWith("/progress");
      if (isProgress) asked.progress += 1;
      if (odd.has(pathname)) return odd.get(pathname);
      if (isProgress) {
        return { body: ids.map((jobId) => ({ jobId, completedFrames: 1, totalFrames: 2 })) };
      }
      if (pathname === "/jobs") {
        asked.list += 1;
        const start = (Number(searchParams.get("page")) - 1) * PAGE_SIZE;
        const shown = ids.slice(start, start + PAGE_SIZE).map(show);
        return { body: { jobs: shown, pagination: { totalPages: Math.ceil(jobs / PAGE_SIZE) } } };
      }
      asked.single += 1;
      return { body: show(pathname.slice("/jobs/".length)) };
    },
    { runtime, poll: { initialMs: 1000, maxMs: 15_000 } },
  );
  return {
    ...server,
    ids,
    asked,
    odd,
    runtime,
    finish: () => {
      for (const id of ids) statuses.set(id, "completed");
    },
    goDown: () => {
      isDown = true;
    },
    comeBack: () => {
      isDown = false;
    },
    /** Resolves when the test's condition holds. */
    until: async (condition: () => boolean) => {
      while (!condition()) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe("many jobs", () => {
  test("200 jobs cost fewer than 1.2 requests per tick and 100 jobs", async () => {
    await using farm = await startFarm({ jobs: 200 });
    const waits = farm.ids.map((id) =>
      farm.client.jobs.waitFor(id, { until: "finished", onProgress: () => {} }),
    );
    await farm.until(() => farm.asked.list >= 40);
    const { list, progress, single } = farm.asked;
    farm.finish();
    await Promise.all(waits);
    const ticks = list / 2;
    expect(single).toBe(0);
    expect((list + progress) / ticks / 2).toBeLessThan(1.2);
  });

  test("each wait gets its own job", async () => {
    await using farm = await startFarm({ jobs: 150 });
    const waits = farm.ids.map((id) => farm.client.jobs.waitFor(id, { until: "finished" }));
    farm.finish();
    expect((await Promise.all(waits)).map(({ id }) => id)).toEqual(farm.ids);
  });

  test("a few among many are read from the pages where they are", async () => {
    await using farm = await startFarm({ jobs: 1000 });
    const late = farm.ids.slice(950, 960);
    const waits = late.map((id) => farm.client.jobs.waitFor(id, { until: "finished" }));
    // The first look passes through the pages; later ones begin where the jobs were.
    await farm.until(() => farm.asked.list >= 30);
    expect(farm.asked.list - 10).toBeLessThanOrEqual(farm.runtime.slept.length + 1);
    farm.finish();
    await Promise.all(waits);
  });

  test("a job that the list does not show is asked for by itself", async () => {
    await using farm = await startFarm({ jobs: 5, statuses: new Map([["elsewhere", "completed"]]) });
    const waits = ["elsewhere", ...farm.ids].map((id) => farm.client.jobs.waitFor(id, { until: "finished" }));
    farm.finish();
    expect((await Promise.all(waits))[0]).toMatchObject({ id: "elsewhere", status: "completed" });
    expect(farm.asked.single).toBe(1);
  });
});

describe("the pause between polls", () => {
  test("grows while nothing changes, up to its limit, and shrinks with a change", async () => {
    const statuses = new Map([["job-0", "booting"]]);
    await using farm = await startFarm({ statuses });
    const wait = farm.client.jobs.waitFor("job-0", { until: "finished" });
    await farm.until(() => farm.runtime.slept.length >= 12);
    statuses.set("job-0", "rendering");
    const before = farm.runtime.slept.length;
    await farm.until(() => farm.runtime.slept.length >= before + 3);
    farm.finish();
    await wait;
    const quiet = farm.runtime.slept.slice(0, before);
    expect(quiet).toEqual([...quiet].sort((a, b) => a - b));
    expect(Math.max(...farm.runtime.slept)).toBe(15_000);
    expect(farm.runtime.slept.slice(before)).toContain(1000);
  });

  test("a webhook for the job ends it", async () => {
    const runtime = createManualRuntime();
    // Sleeps until it is woken.
    const sleep: typeof runtime.sleep = (_ms, signal) =>
      new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
    let status = "rendering";
    await using server = await startServer(() => ({ body: { id: "job-0", status } }), {
      runtime: { ...runtime, sleep },
    });
    const arrival = Promise.withResolvers<void>();
    async function* deliveries(): AsyncGenerator<WebhookEvent> {
      await arrival.promise;
      yield { event: "onRenderComplete", jobId: "job-0" };
    }
    const wait = server.client.jobs.waitFor("job-0", { until: "finished", wake: deliveries() });
    while (server.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    status = "completed";
    arrival.resolve();
    expect((await wait).status).toBe("completed");
    expect(server.requests).toHaveLength(2);
  });
});

describe("an outage", () => {
  test("is waited out and told once", async () => {
    await using farm = await startFarm();
    const events: ClientEvent[] = [];
    const wait = farm.client.jobs.waitFor("job-0", {
      until: "finished",
      onEvent: (event) => events.push(event),
    });
    await farm.until(() => farm.asked.single >= 2);
    farm.goDown();
    const before = farm.runtime.slept.length;
    await farm.until(() => farm.runtime.slept.length >= before + 10);
    farm.comeBack();
    farm.finish();
    expect((await wait).status).toBe("completed");
    expect(events.filter(({ type }) => type === "retry-scheduled")).toHaveLength(1);
  });

  test("that lasts too long ends the wait with what was wrong", async () => {
    await using farm = await startFarm();
    const wait = farm.client.jobs.waitFor("job-0", { until: "finished" });
    await farm.until(() => farm.asked.single >= 1);
    farm.goDown();
    await expect(wait).rejects.toMatchObject({ code: "server_error" });
  });

  test("is over with the first answer: the next one has all the time again", async () => {
    await using farm = await startFarm();
    const wait = farm.client.jobs.waitFor("job-0", { until: "finished" });
    for (let outages = 0; outages < 3; outages++) {
      const asked = farm.asked.single;
      await farm.until(() => farm.asked.single > asked);
      farm.goDown();
      const sinceMs = farm.runtime.monotonicMs();
      await farm.until(() => farm.runtime.monotonicMs() - sinceMs > 20 * 60_000);
      farm.comeBack();
    }
    farm.finish();
    expect((await wait).status).toBe("completed");
  });

  test("is counted from its beginning, whatever an earlier one has ended", async () => {
    await using farm = await startFarm();
    const wait = farm.client.jobs.waitFor("job-0", { until: "finished" });
    await farm.until(() => farm.asked.single >= 1);
    farm.goDown();
    await expect(wait).rejects.toMatchObject({ code: "server_error" });
    const sinceMs = farm.runtime.monotonicMs();
    await expect(farm.client.jobs.waitFor("job-0", { until: "finished" })).rejects.toThrow();
    expect(farm.runtime.monotonicMs() - sinceMs).toBeGreaterThanOrEqual(30 * 60_000);
  });

  test("at the first look is an error, not an outage", async () => {
    await using farm = await startFarm();
    farm.goDown();
    await expect(farm.client.jobs.waitFor("job-0", { until: "finished" })).rejects.toMatchObject({
      code: "server_error",
    });
    expect(farm.requests).toHaveLength(5);
  });
});

describe("progress is best effort:", () => {
  const raw = (body: string): Answer => ({ body, headers: { "content-type": "application/json" } });
  test.each<[string, Answer | undefined]>([
    ["a refusal", { status: 400, body: { error: "no" } }],
    ["a missing endpoint", { status: 404 }],
    ["a key that may not", { status: 403 }],
    ["a broken server", { status: 500 }],
    ["a rate limit of an hour", { status: 429, headers: { "retry-after": "3600" } }],
    ["a page", raw("<html>hello</html>")],
    ["half an answer", raw('{"jobs": [')],
    ["a text", raw('"soon"')],
    ["nulls", raw("[null, 1, [], {}]")],
    ["no answer at all", undefined],
  ])("%s ends and delays no wait", async (_what, answer) => {
    await using farm = await startFarm({ jobs: 4 });
    farm.odd.set("/jobs/progress", answer).set("/jobs/job-0/progress", answer);
    const waits = farm.ids.map((id) =>
      farm.client.jobs.waitFor(id, { until: "finished", onProgress: () => undefined }),
    );
    await farm.until(() => farm.asked.list >= 30);
    farm.finish();
    expect((await Promise.all(waits)).map(({ status }) => status)).toEqual(Array(4).fill("completed"));
    expect(Math.max(...farm.runtime.slept)).toBeLessThanOrEqual(15_000);
  });

  test("counters that cannot be had are left alone for a while", async () => {
    await using farm = await startFarm();
    farm.odd.set("/jobs/job-0/progress", { status: 500 });
    const wait = farm.client.jobs.waitFor("job-0", { until: "finished", onProgress: () => undefined });
    await farm.until(() => farm.asked.single >= 40);
    farm.finish();
    await wait;
    expect(farm.asked.progress).toBeGreaterThan(1);
    expect(farm.asked.progress).toBeLessThan(farm.asked.single);
  });
});

describe("what goes wrong with one job or one wait ends no other:", () => {
  /** Waits for all, of which the first meets what the test has prepared. */
  async function expectOthersToArrive(farm: Awaited<ReturnType<typeof startFarm>>, first: Promise<unknown>) {
    const others = farm.ids.slice(1).map((id) => farm.client.jobs.waitFor(id, { until: "finished" }));
    await expect(first).rejects.toThrow();
    farm.finish();
    const statuses = (await Promise.all(others)).map(({ status }) => status);
    expect(statuses).toEqual(statuses.map(() => "completed"));
  }

  test.each<[string, Answer]>([
    ["does not exist", { status: 404 }],
    ["is refused", { status: 400 }],
    ["is not what a job looks like", { body: { id: "job-0", status: 7 } }],
  ])("a job that %s", async (_what, answer) => {
    await using farm = await startFarm({ jobs: 2 });
    farm.odd.set("/jobs/job-0", answer);
    await expectOthersToArrive(farm, farm.client.jobs.waitFor("job-0", { until: "finished" }));
  });

  test("a job in the list that cannot be read", async () => {
    await using farm = await startFarm({ jobs: 3 });
    const [, ...others] = farm.ids.map((id) => ({ id, status: "rendering" }));
    farm.odd.set("/jobs", { body: { jobs: [{ id: "job-0", status: null }, ...others] } });
    farm.odd.set("/jobs/job-0", { status: 404 });
    const first = farm.client.jobs.waitFor("job-0", { until: "finished" });
    const rest = farm.ids.slice(1).map((id) => farm.client.jobs.waitFor(id, { until: "finished" }));
    await expect(first).rejects.toMatchObject({ code: "not_found" });
    farm.odd.clear();
    farm.finish();
    await Promise.all(rest);
  });

  test.each(["onUpdate", "onProgress", "onEvent"] as const)("an %s that throws", async (name) => {
    await using farm = await startFarm({ jobs: 3 });
    const broken = () => {
      throw new Error("the listener is broken");
    };
    const options = { until: "finished", [name]: broken } as const;
    await expectOthersToArrive(farm, farm.client.jobs.waitFor("job-0", options));
  });
});

describe("a job that could be read before", () => {
  test.each([401, 403, 404, 400])("and is refused with %i is asked for again for a while", async (status) => {
    await using farm = await startFarm();
    const events: ClientEvent[] = [];
    const wait = farm.client.jobs.waitFor("job-0", {
      until: "finished",
      onEvent: (event) => events.push(event),
    });
    await farm.until(() => farm.asked.single >= 1);
    farm.odd.set("/jobs/job-0", { status });
    await farm.until(() => farm.runtime.slept.length >= 8);
    farm.odd.clear();
    farm.finish();
    expect((await wait).status).toBe("completed");
    expect(events.filter(({ type }) => type === "retry-scheduled")).toHaveLength(1);
  });

  test("and is refused for good ends the wait, which says whose it was", async () => {
    await using farm = await startFarm();
    const wait = farm.client.jobs.waitFor("job-0", { until: "finished" });
    await farm.until(() => farm.asked.single >= 1);
    const sinceMs = farm.runtime.monotonicMs();
    farm.odd.set("/jobs/job-0", { status: 401 });
    await expect(wait).rejects.toMatchObject({ code: "authentication_failed", jobId: "job-0" });
    expect(farm.runtime.monotonicMs() - sinceMs).toBeGreaterThanOrEqual(300_000);
    expect(farm.runtime.monotonicMs() - sinceMs).toBeLessThan(400_000);
  });
});

test.each([-3_600_000, 3_600_000])("a clock that is set by %i ms changes no wait", async (byMs) => {
  await using farm = await startFarm();
  const wait = farm.client.jobs.waitFor("job-0", { until: "finished" });
  await farm.until(() => farm.asked.single >= 2);
  farm.runtime.setClock(farm.runtime.now() + byMs);
  const before = farm.runtime.slept.length;
  await farm.until(() => farm.runtime.slept.length >= before + 3);
  expect(Math.max(...farm.runtime.slept)).toBeLessThanOrEqual(15_000);
  farm.finish();
  await wait;
});

test("a wait that is given up costs no more requests", async () => {
  await using farm = await startFarm();
  const stop = new AbortController();
  const wait = farm.client.jobs.waitFor("job-0", { until: "finished", signal: stop.signal });
  await farm.until(() => farm.asked.single >= 1);
  stop.abort(new Error("enough"));
  await expect(wait).rejects.toThrow("enough");
  const { single } = farm.asked;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(farm.asked.single).toBeLessThanOrEqual(single + 1);
});

import { describe, expect, test } from "vitest";
import type { ClientEvent, WebhookEvent } from "../src/index.ts";
import { createManualRuntime } from "./manual-runtime.ts";
import { startServer } from "./with-server.ts";

const PAGE_SIZE = 100;

/** A server with many jobs, whose statuses the test changes; counts what it is asked. */
async function startFarm({ jobs = 1, statuses = new Map<string, string>() } = {}) {
  const runtime = createManualRuntime();
  const ids = Array.from({ length: jobs }, (_, index) => `job-${index}`);
  const asked = { list: 0, progress: 0, single: 0 };
  let isDown = false;
  const show = (id: string) => ({ id, status: statuses.get(id) ?? "rendering" });
  const server = await startServer(
    ({ path }) => {
      const { pathname, searchParams } = new URL(path, "http://farm");
      if (isDown) return { status: 503 };
      if (pathname === "/jobs/progress") {
        asked.progress += 1;
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

  test("at the first look is no outage but an error", async () => {
    await using farm = await startFarm();
    farm.goDown();
    await expect(farm.client.jobs.waitFor("job-0", { until: "finished" })).rejects.toMatchObject({
      code: "server_error",
    });
    expect(farm.requests).toHaveLength(5);
  });
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

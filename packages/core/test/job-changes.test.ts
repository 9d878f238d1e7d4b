import { describe, expect, test } from "vitest";
import { readJobChanges } from "../src/index.ts";
import { startServer } from "./with-server.ts";

const PAGE_SIZE = 100;
const MINUTE_MS = 60_000;
const START_MS = Date.parse("2026-01-01T00:00:00Z");

interface FarmJob {
  readonly id: string;
  status: string;
  readonly createdAt?: string;
}

/** A server with jobs that the test adds and changes: one a minute. */
async function startFarm({ order = "newest first" }: { order?: "newest first" | "oldest first" } = {}) {
  const jobs: FarmJob[] = [];
  const asked: string[] = [];
  const server = await startServer(({ path }) => {
    asked.push(path);
    const { pathname, searchParams } = new URL(path, "http://farm");
    if (pathname !== "/jobs") {
      const job = jobs.find(({ id }) => `/jobs/${id}` === pathname);
      return job ? { body: job } : { status: 404 };
    }
    const start = (Number(searchParams.get("page")) - 1) * PAGE_SIZE;
    const listed = order === "newest first" ? jobs.toReversed() : jobs;
    return {
      body: {
        jobs: listed.slice(start, start + PAGE_SIZE),
        pagination: { totalPages: Math.ceil(jobs.length / PAGE_SIZE) },
      },
    };
  });
  return {
    ...server,
    jobs,
    asked,
    add(status: string, count = 1) {
      for (let added = 0; added < count; added++) {
        const createdAt = new Date(START_MS + jobs.length * MINUTE_MS).toISOString();
        jobs.push({ id: `job-${jobs.length}`, status, createdAt });
      }
    },
  };
}

const names = ({ changes }: Awaited<ReturnType<typeof readJobChanges>>) =>
  changes.map(({ job, previousStatus }) => `${job.id}: ${previousStatus ?? "new"} > ${job.status}`);

describe("changes of jobs", () => {
  test("nothing counts as changed the first time", async () => {
    await using farm = await startFarm();
    farm.add("completed", 3);
    expect((await readJobChanges(farm.client, undefined)).changes).toEqual([]);
  });

  test("a new job and a new status are told once", async () => {
    await using farm = await startFarm();
    farm.add("rendering");
    const first = await readJobChanges(farm.client, undefined);
    farm.add("created");
    Object.assign(farm.jobs[0] ?? {}, { status: "completed" });
    const second = await readJobChanges(farm.client, first.state);
    expect(names(second)).toEqual(["job-1: new > created", "job-0: rendering > completed"]);
    expect(names(await readJobChanges(farm.client, second.state))).toEqual([]);
  });

  test("an old job that was not over is found without reading the whole list", async () => {
    await using farm = await startFarm();
    farm.add("rendering");
    farm.add("completed", 350);
    const first = await readJobChanges(farm.client, undefined);
    Object.assign(farm.jobs[0] ?? {}, { status: "failed" });
    farm.asked.length = 0;
    expect(names(await readJobChanges(farm.client, first.state))).toEqual(["job-0: rendering > failed"]);
    expect(farm.asked).toEqual(["/jobs?page=1&pageSize=100", "/jobs/job-0"]);
  });

  test("a list with the oldest first is read to its end", async () => {
    await using farm = await startFarm({ order: "oldest first" });
    farm.add("completed", 150);
    const first = await readJobChanges(farm.client, undefined);
    farm.add("completed");
    expect(names(await readJobChanges(farm.client, first.state))).toEqual(["job-150: new > completed"]);
  });

  test("jobs without a date are told once too", async () => {
    await using farm = await startFarm();
    farm.jobs.push({ id: "a", status: "completed" });
    const first = await readJobChanges(farm.client, undefined);
    farm.jobs.push({ id: "b", status: "completed" });
    const second = await readJobChanges(farm.client, first.state);
    expect(names(second)).toEqual(["b: new > completed"]);
    expect(names(await readJobChanges(farm.client, second.state))).toEqual([]);
  });

  test("what is remembered does not grow with the jobs that are over", async () => {
    await using farm = await startFarm();
    farm.add("completed", 500);
    const { state } = await readJobChanges(farm.client, undefined);
    expect(Object.keys(state.known).length).toBeLessThan(20);
  });

  test("a job that was deleted is no failure", async () => {
    await using farm = await startFarm();
    farm.add("rendering");
    const first = await readJobChanges(farm.client, undefined);
    farm.jobs.length = 0;
    expect(names(await readJobChanges(farm.client, first.state))).toEqual([]);
  });
});

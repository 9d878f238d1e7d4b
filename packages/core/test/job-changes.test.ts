import { describe, expect, test } from "vitest";
import { readJobChanges } from "../src/adapter.ts";
import { startServer } from "./with-server.ts";

const PAGE_SIZE = 100;
const MINUTE_MS = 60_000;
const START_MS = Date.parse("2026-01-01T00:00:00Z");

interface FarmJob {
  readonly id: string;
  status: string;
  readonly createdAt?: string;
  readonly workspaceId?: string;
}

interface FarmOptions {
  readonly order?: "newest first" | "oldest first";
  readonly workspaceId?: string;
}

/** A server with jobs that the test adds and changes: one a minute. */
async function startFarm({ order = "newest first", workspaceId }: FarmOptions = {}) {
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
        jobs.push({ id: `job-${jobs.length}`, status, createdAt, ...(workspaceId && { workspaceId }) });
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

  test("a new job and a new status are reported once", async () => {
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

  test("jobs without a date are reported once too", async () => {
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

  test("a job that was deleted is not a failure", async () => {
    await using farm = await startFarm();
    farm.add("rendering");
    const first = await readJobChanges(farm.client, undefined);
    farm.jobs.length = 0;
    expect(names(await readJobChanges(farm.client, first.state))).toEqual([]);
  });

  test("jobs of another workspace are a new baseline, and not told as new", async () => {
    await using ours = await startFarm({ workspaceId: "film" });
    ours.add("rendering", 3);
    const { state } = await readJobChanges(ours.client, undefined);
    for (const job of ours.jobs.splice(0))
      ours.jobs.push({ ...job, id: `their-${job.id}`, workspaceId: "series" });
    const theirs = await readJobChanges(ours.client, state);
    expect(names(theirs)).toEqual([]);
    Object.assign(ours.jobs[0] ?? {}, { status: "completed" });
    expect(names(await readJobChanges(ours.client, theirs.state))).toEqual([
      "their-job-0: rendering > completed",
    ]);
  });

  test("so are those of another server", async () => {
    await using ours = await startFarm();
    await using theirs = await startFarm();
    ours.add("completed");
    theirs.add("completed", 3);
    const { state } = await readJobChanges(ours.client, undefined);
    expect(names(await readJobChanges(theirs.client, state))).toEqual([]);
  });
});

describe("a workspace with a thousand drafts", () => {
  const WEEK = 7 * 24 * 60;

  test("needs few requests, and reports a draft that is rendered at last", async () => {
    await using farm = await startFarm();
    farm.add("validated", 1000);
    farm.add("completed", 20);
    const first = await readJobChanges(farm.client, undefined);
    farm.asked.length = 0;
    Object.assign(farm.jobs[0] ?? {}, { status: "completed" });
    expect(names(await readJobChanges(farm.client, first.state))).toEqual(["job-0: validated > completed"]);
    expect(farm.asked.length).toBeLessThanOrEqual(20);
  });

  test("that are more than a week old costs one request", async () => {
    await using farm = await startFarm();
    farm.add("created", 1000);
    farm.add("completed", WEEK + 20);
    const { state } = await readJobChanges(farm.client, undefined);
    farm.asked.length = 0;
    await readJobChanges(farm.client, state);
    expect(farm.asked).toEqual(["/jobs?page=1&pageSize=100"]);
  });

  test("hides no render: those that the pages do not show are asked for in turns", async () => {
    await using farm = await startFarm();
    farm.add("suspended", 20);
    farm.add("completed", WEEK);
    let { state } = await readJobChanges(farm.client, undefined);
    farm.asked.length = 0;
    for (const job of farm.jobs.slice(0, 20)) job.status = "failed";
    const told: string[] = [];
    for (let poll = 0; poll < 3; poll++) {
      const before = farm.asked.length;
      const { changes, state: next } = await readJobChanges(farm.client, state);
      expect(farm.asked.length - before).toBeLessThanOrEqual(20);
      told.push(...changes.map(({ job }) => job.id));
      state = next;
    }
    expect(told.toSorted()).toEqual(
      farm.jobs
        .slice(0, 20)
        .map(({ id }) => id)
        .toSorted(),
    );
  });
});

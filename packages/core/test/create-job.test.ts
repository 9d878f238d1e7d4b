import { describe, expect, test } from "vitest";
import { createJob } from "../src/adapter.ts";
import { createManualRuntime } from "./manual-runtime.ts";
import { startServer } from "./with-server.ts";

interface ListedJob {
  readonly id: string;
  readonly status: string;
  readonly createdAt?: string;
  readonly [member: string]: unknown;
}

/** A farm whose answer to the first "create job" is lost, and whose clock is not ours. */
async function startFarm({ listed = [] as ListedJob[], aheadMs = 0, second = 200 } = {}) {
  const runtime = createManualRuntime();
  const at = (ms: number) => new Date(runtime.now() + aheadMs + ms).toISOString();
  let creates = 0;
  const server = await startServer(
    ({ method, path }, response) => {
      if (method === "GET" && path.startsWith("/jobs")) return { body: { jobs: listed } };
      creates += 1;
      if (creates > 1) return { status: second, body: { id: "second", status: "created", createdAt: at(0) } };
      response.destroy();
      return undefined;
    },
    { runtime },
  );
  return { ...server, at, listed, creates: () => creates };
}

const HOUR_MS = 3_600_000;

describe.each([0, 2 * HOUR_MS, -2 * HOUR_MS])("after a lost answer, on a farm %i ms ahead,", (aheadMs) => {
  test("an idle job that names our slug is ours, however old", async () => {
    await using farm = await startFarm({ aheadMs });
    farm.listed.push(
      { id: "running", status: "rendering", createdAt: farm.at(0), sceneFile: { slug: "slug-1" } },
      { id: "ours", status: "created", createdAt: farm.at(-HOUR_MS), sceneFile: { slug: "slug-1" } },
    );
    expect(await createJob(farm.client, "slug-1")).toMatchObject({ job: { id: "ours" } });
    expect(farm.creates()).toBe(1);
  });

  test("only what is idle and was made just before may be the job that was lost", async () => {
    await using farm = await startFarm({ aheadMs });
    farm.listed.push(
      { id: "running", status: "rendering", createdAt: farm.at(0) },
      { id: "validated", status: "validated", createdAt: farm.at(0) },
      { id: "old", status: "created", createdAt: farm.at(-10 * 60_000) },
      { id: "older", status: "created", createdAt: farm.at(-2 * HOUR_MS) },
      { id: "undated", status: "created" },
      { id: "lost", status: "created", createdAt: farm.at(-1000) },
    );
    const { job, lostAnswer } = await createJob(farm.client, "slug-1");
    expect(job.id).toBe("second");
    expect(lostAnswer?.candidates).toEqual(["lost"]);
  });
});

test("a second job that is refused may mean that the first was created: the error says both", async () => {
  await using farm = await startFarm({ second: 409 });
  farm.listed.push({ id: "lost", status: "created", createdAt: farm.at(-1000) });
  await expect(createJob(farm.client, "slug-1")).rejects.toMatchObject({
    code: "outcome_unknown",
    hint: expect.stringContaining("lost"),
  });
});

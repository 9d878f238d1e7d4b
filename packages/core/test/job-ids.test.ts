import { expect, test } from "vitest";
import type { NodeClient } from "../src/node/index.ts";
import { startServer } from "./with-server.ts";

const METHODS: Record<string, (client: NodeClient, id: string) => Promise<unknown>> = {
  get: ({ jobs }, id) => jobs.get(id),
  validate: ({ jobs }, id) => jobs.validate(id),
  startRender: ({ jobs }, id) => jobs.startRender(id, { colorManagementPreset: "default" }),
  cancel: ({ jobs }, id) => jobs.cancel(id),
  progress: ({ jobs }, id) => jobs.progress(id),
  downloads: ({ jobs }, id) => jobs.downloads(id),
  waitFor: ({ jobs }, id) => jobs.waitFor(id, { until: "finished" }),
  "submit, to go on": (client, jobId) => client.submit({ jobId }),
};

test.each(Object.keys(METHODS))("%s refuses an invalid job id before it sends anything", async (method) => {
  await using server = await startServer(() => ({ body: {} }));
  const wrong = [
    ".",
    "..",
    "a/b",
    "a\\b",
    "a b",
    " a",
    "a\n",
    "a\0",
    "a?b",
    "a#b",
    "%2e%2e",
    "é",
    "progress",
  ];
  for (const id of [...wrong, "a..b", "-rf", "a".repeat(500), "https://example.com/jobs/1", {} as never]) {
    await expect(METHODS[method]?.(server.client, id), JSON.stringify(id)).rejects.toMatchObject({
      code: "invalid_option",
      message: expect.stringMatching(/^"[^\n\0]*" is not a valid job id\.$/),
      hint: expect.stringContaining("Renderjuice dashboard"),
    });
  }
  expect(server.requests).toEqual([]);
});

test.each(["", undefined as never, null as never])("%j is a missing one", async (id) => {
  await using server = await startServer(() => ({ body: {} }));
  const failure = { code: "invalid_option", message: "The job id is missing." };
  await expect(server.client.jobs.get(id)).rejects.toMatchObject(failure);
  await expect(server.client.submit({ jobId: id })).rejects.toMatchObject(failure);
  expect(server.requests).toEqual([]);
});

test.each(["1b4e28ba-2fa1-41d2-883f-0016d3cca427", "j1", "job_1.v2", "01HZX~a"])(
  "%s may be one",
  async (id) => {
    await using server = await startServer(() => ({ body: { id, status: "created" } }));
    expect(await server.client.jobs.get(id)).toMatchObject({ id });
    expect(server.requests.map(({ path }) => path)).toEqual([`/jobs/${id}`]);
  },
);

import { describe, expect, test } from "vitest";
import { buildRenderConfig, expectedFrames, planOutputs } from "../src/adapter.ts";
import { isFinalStatus, signWebhook, verifyWebhook } from "../src/index.ts";
import { type Answer, startServer } from "./with-server.ts";

// What the API's documentation leaves open: each must be tolerated. The numbers are those of the contract's checklist.

const CONFIG = buildRenderConfig({}, "1");
const ID = "0d6cbf6a-0000-4000-8000-000000000001";
const job = (more: object = {}) => ({ id: ID, status: "created", ...more });

/** A client whose server always gives this answer. */
const serve = (answer: Answer) => startServer(() => answer);

describe("1. envelopes", () => {
  test.each([
    ["bare", job()],
    ["in data", { data: job() }],
    ["in data, with more beside it", { data: job(), meta: {} }],
    ["bare, with a member called data", job({ data: { id: "other", status: "failed" } })],
  ])("a job comes %s", async (_how, body) => {
    await using server = await serve({ body });
    expect(await server.client.jobs.get(ID)).toMatchObject({ id: ID, status: "created" });
  });

  test.each([
    ["named", { jobs: [job()], pagination: { totalPages: 1 } }],
    ["in data", { data: { jobs: [job()], pagination: { totalPages: 1 } } }],
    ["as a list in data", { data: [job()], pagination: { totalPages: 1 } }],
    ["as a bare list", [job()]],
  ])("a page of jobs comes %s", async (_how, body) => {
    await using server = await serve({ body });
    expect((await server.client.jobs.list()).jobs.map(({ id }) => id)).toEqual([ID]);
  });

  test.each([
    ["nothing", { status: 204 }],
    ["an empty body", { body: "" }],
    ["another object", { body: { success: true } }],
  ])("an action that answers with %s has worked", async (_what, answer: Answer) => {
    await using server = await startServer(({ method }) =>
      method === "GET" ? { body: job({ status: "validating" }) } : answer,
    );
    expect(await server.client.jobs.validate(ID)).toMatchObject({ id: ID, status: "validating" });
    expect(await server.client.jobs.cancel(ID)).toMatchObject({ id: ID });
  });
});

test("2. a status that nobody knows is kept, and is not the end", async () => {
  await using server = await serve({ body: job({ status: "thawing" }) });
  const { status } = await server.client.jobs.get(ID);
  expect(status).toBe("thawing");
  expect(isFinalStatus(status)).toBe(false);
});

describe("3. a refusal is readable whatever its body", () => {
  test.each([
    ["text in error", { error: "bad slug" }, /bad slug/],
    ["message", { message: "bad slug" }, /bad slug/],
    ["nested", { error: { code: "x", message: "bad slug" } }, /bad slug/],
    ["a list of messages", { message: ["bad slug", "bad name"] }, /bad slug/],
    ["plain text", "bad slug", /bad slug/],
    ["a proxy's page", "<html><title>Bad gateway</title><body>x</body></html>", /400/],
    ["XML of a storage host", "<Error><Code>Denied</Code><Message>bad slug</Message></Error>", /400/],
    ["nothing", "", /400/],
  ])("%s", async (_shape, body, expected) => {
    await using server = await serve({ status: 400, body });
    await expect(server.client.jobs.get(ID)).rejects.toThrow(expected);
  });
});

describe("4. a refused action is judged by the job, not by the status code", () => {
  test.each([400, 403, 404, 409, 422, 402])(
    "%i for what is already done is not a failure",
    async (status) => {
      await using server = await startServer(({ method }) =>
        method === "POST" ? { status, body: { message: "no" } } : { body: job({ status: "rendering" }) },
      );
      expect(await server.client.jobs.validate(ID)).toMatchObject({ status: "rendering" });
      expect(await server.client.jobs.startRender(ID, CONFIG)).toMatchObject({
        wasReplayed: true,
      });
    },
  );

  test.each([400, 402, 404, 409])("%i for what is not done is passed on", async (status) => {
    await using server = await startServer(({ method }) =>
      method === "POST"
        ? { status, body: { message: "out of credit" } }
        : { body: job({ status: "validated" }) },
    );
    await expect(server.client.jobs.startRender(ID, CONFIG)).rejects.toThrow(/out of credit/);
  });
});

describe("5. rate limits", () => {
  test.each([
    ["429 in seconds", 429, { "retry-after": "0" }],
    ["429 as a date", 429, { "retry-after": new Date(0).toUTCString() }],
    ["429 without a word", 429, {}],
    ["503 in seconds", 503, { "retry-after": "0" }],
    ["429 with a time that cannot be read", 429, { "retry-after": "soon" }],
  ])("%s", async (_how, status, headers) => {
    let count = 0;
    await using server = await startServer(() => (count++ === 0 ? { status, headers } : { body: job() }));
    expect((await server.client.jobs.get(ID)).id).toBe(ID);
    expect(server.requests).toHaveLength(2);
  });
});

describe("6. progress", () => {
  test.each([
    ["nothing runs", [], undefined],
    ["a list", [{ jobId: ID, completedFrames: 3, totalFrames: 9 }], [3, 9]],
    ["an object", { completedFrames: 3, totalFrames: 9 }, [3, 9]],
    ["in data", { data: { jobId: ID, framesRendered: 3, frameCount: 9 } }, [3, 9]],
    ["a map by job", { [ID]: { completed: 3, total: 9 } }, [3, 9]],
    ["numbers as text", { completedFrames: "3", totalFrames: "9" }, [3, 9]],
    ["null", null, undefined],
  ])("%s", async (_shape, body, expected) => {
    await using server = await serve({ body });
    const progress = await server.client.jobs.progress(ID);
    expect(progress && [progress.completedFrames, progress.totalFrames]).toEqual(expected);
  });

  test("counters that say all is done do not end a wait: only the status does", async () => {
    let polls = 0;
    await using server = await startServer(({ path }) => {
      if (path.endsWith("/progress")) return { body: { completedFrames: 9, totalFrames: 9 } };
      polls += 1;
      return { body: job({ status: polls < 4 ? "rendering" : "completed" }) };
    });
    await server.client.jobs.waitFor(ID, { until: "finished", onProgress: () => {} });
    expect(polls).toBe(4);
  });
});

describe("7. lists", () => {
  const page = (path: string) => Number(new URL(path, "http://x").searchParams.get("page"));

  test("pages that shift while they are read give each job once", async () => {
    const pages = [["a", "b"], ["b", "c"], ["c", "d"], []];
    await using server = await startServer(({ path }) => ({
      body: { jobs: (pages[page(path) - 1] ?? []).map((id) => job({ id })) },
    }));
    const ids: string[] = [];
    for await (const { id } of server.client.jobs.list()) ids.push(id);
    expect(ids).toEqual(["a", "b", "c", "d"]);
  });

  test("a server that ignores the page number does not keep us for ever", async () => {
    await using server = await serve({ body: { jobs: [job()] } });
    const ids: string[] = [];
    for await (const { id } of server.client.jobs.list()) ids.push(id);
    expect(ids).toEqual([ID]);
  });

  test("a status that the server does not filter by is filtered here", async () => {
    const pages = [["failed", "rendering"], ["rendering", "completed"], ["failed"], []];
    await using server = await startServer(({ path }) => ({
      body: {
        jobs: (pages[page(path) - 1] ?? []).map((status, index) =>
          job({ id: page(path) + status + index, status }),
        ),
      },
    }));
    const failed: string[] = [];
    for await (const { id } of server.client.jobs.list({ status: "failed", page: 1 })) failed.push(id);
    expect(failed).toEqual(["1failed0", "3failed0"]);
    expect((await server.client.jobs.list({ status: "failed", page: 1 })).jobs).toHaveLength(1);
    expect((await server.client.jobs.list({ status: "failed", page: 2 })).jobs).toEqual([]);
  });

  test("a server that refuses the page size gets requests without it, and only one with it", async () => {
    const ids = ["a", "b", "c"];
    await using server = await startServer(({ path }) =>
      path.includes("pageSize")
        ? { status: 400, body: { message: "unknown parameter" } }
        : {
            body: { jobs: ids.map((id) => job({ id, status: "completed" })), pagination: { totalPages: 1 } },
          },
    );
    const listed: string[] = [];
    for await (const { id } of server.client.jobs.list()) listed.push(id);
    expect(listed).toEqual(ids);
    expect(server.requests.map(({ path }) => path.includes("pageSize"))).toEqual([true, false]);
    const jobs = await Promise.all(ids.map((id) => server.client.jobs.waitFor(id, { until: "finished" })));
    expect(jobs.map(({ id }) => id)).toEqual(ids);
    expect(server.requests.filter(({ path }) => path.includes("pageSize"))).toHaveLength(1);
  });
});

describe("8. and 9. members of a job", () => {
  const OPTIONAL = [
    "output",
    "failedReason",
    "previewUrl",
    "analysis",
    "sceneFile",
    "finalConfig",
    "normalizedSeconds",
  ];

  test.each(OPTIONAL)("%s may be null or absent", async (name) => {
    await using server = await serve({ body: job({ [name]: null }) });
    expect(await server.client.jobs.get(ID)).toMatchObject({ id: ID });
  });

  test.each(["analysis", "sceneFile", "requestedConfig", "finalConfig"])(
    "%s is passed through as it is",
    async (name) => {
      const value = { deep: [1, { odd: "shape" }] };
      await using server = await serve({ body: job({ [name]: value }) });
      expect(await server.client.jobs.get(ID)).toHaveProperty(name, value);
    },
  );

  test.each<[string, unknown, unknown]>([
    [
      "analysis",
      { fps: "24", resolution: [4, 3], engine: "new" },
      { fps: undefined, resolution: [4, 3], engine: "new" },
    ],
    ["analysis", [{ missingFiles: ["a.png"] }], { scenes: expect.any(Array), missingFiles: ["a.png"] }],
    ["analysis", "all fine", undefined],
    ["sceneFile", "shot.blend", { fileName: "shot.blend" }],
    ["sceneFile", { fileName: 7, slug: "s" }, { fileName: undefined, slug: "s" }],
    ["requestedConfig", "take 2 [run-1]", { notes: "take 2 [run-1]" }],
    [
      "requestedConfig",
      { fps: 24, outputSettings: { quality: "best", depth: 8 } },
      { fps: 24, outputSettings: { quality: undefined, depth: 8 } },
    ],
    ["finalConfig", { warnings: [{ message: "No denoiser." }, 7] }, { warnings: ["No denoiser."] }],
    ["finalConfig", 7, undefined],
  ])(
    "%s of %j: what is not of the type we know counts as absent, the rest stays",
    async (name, value, expected) => {
      await using server = await serve({ body: job({ [name]: value }) });
      expect(await server.client.jobs.get(ID)).toHaveProperty(name, expected);
    },
  );

  test("members that nobody knows are kept", async () => {
    await using server = await serve({ body: job({ queuePosition: 7 }) });
    expect(await server.client.jobs.get(ID)).toHaveProperty("queuePosition", 7);
  });
});

test.each([
  [{ name: "Out of memory", type: "oom" }, /Out of memory \(oom\)/],
  [{ name: "Something new" }, /Something new/],
  [{ type: "brand_new" }, /brand_new/],
  ["in words", /in words/],
  [null, /gave no reason/],
])("10. why a job failed: %j", async (failedReason, expected) => {
  await using server = await serve({ body: job({ status: "failed", failedReason }) });
  await expect(server.client.jobs.waitFor(ID, { until: "finished" })).rejects.toThrow(expected);
});

test("11. an upload target without a time limit, and with new members, is used", async () => {
  await using server = await serve({
    body: { uploadUrl: "https://host/x", slug: "s", expiresAt: null, method: "PUT" },
  });
  const target = await server.client.uploads.create({ fileName: "a.blend", fileType: "blend" });
  expect(target).toMatchObject({ slug: "s", method: "PUT" });
});

test("12. create is not sent again on its own when its answer is lost", async () => {
  await using server = await startServer((_request, response) => {
    response.destroy();
    return undefined;
  });
  await expect(server.client.jobs.create({ slug: "s" })).rejects.toMatchObject({ code: "outcome_unknown" });
  expect(server.requests).toHaveLength(1);
});

describe("13. a render that was started before", () => {
  test.each([
    [{}, false],
    [{ "x-idempotent-replay": "true" }, true],
    [{ "x-idempotent-replay": "false" }, false],
  ])("headers %j", async (headers, wasReplayed) => {
    await using server = await serve({ headers, body: job({ status: "booting" }) });
    expect(await server.client.jobs.startRender(ID, CONFIG)).toMatchObject({ wasReplayed });
  });
});

describe("13. a start whose answer cannot be used", () => {
  const garbled = { body: '{"id": "7', headers: { "content-type": "application/json" } };

  test("is clear from the job once that has started", async () => {
    await using server = await startServer(({ method }) =>
      method === "POST" ? garbled : { body: job({ status: "rendering" }) },
    );
    expect(await server.client.jobs.startRender(ID, CONFIG)).toMatchObject({ job: { status: "rendering" } });
  });

  test("is repeated while the job is idle", async () => {
    let starts = 0;
    await using server = await startServer(({ method }) => {
      if (method !== "POST") return { body: job({ status: "validated" }) };
      starts += 1;
      return starts < 3 ? garbled : { body: job({ status: "booting" }) };
    });
    expect(await server.client.jobs.startRender(ID, CONFIG)).toMatchObject({ job: { status: "booting" } });
  });

  test("for good ends with an error that names the job", async () => {
    await using server = await startServer(({ method }) =>
      method === "POST" ? garbled : { body: job({ status: "validated" }) },
    );
    const run = server.client.submit({ jobId: ID });
    await expect(run).rejects.toMatchObject({ code: "outcome_unknown", jobId: ID });
    expect(server.requests.filter(({ method }) => method === "POST")).toHaveLength(3);
  });

  test("because connections are lost is clear from the job too", async () => {
    await using server = await startServer(({ method }, response) => {
      if (method !== "POST") return { body: job({ status: "rendering" }) };
      response.destroy();
      return undefined;
    });
    expect(await server.client.jobs.startRender(ID, CONFIG)).toMatchObject({ job: { status: "rendering" } });
  });
});

test("14. a setting that is not documented is refused here, before it costs anything", async () => {
  await using server = await serve({ body: job() });
  const config = { colorManagementPreset: "ACES", sampels: 3 } as never;
  await expect(server.client.jobs.startRender(ID, config)).rejects.toMatchObject({ code: "invalid_option" });
  expect(server.requests).toEqual([]);
  expect(buildRenderConfig({ colorManagementPreset: "AgX" } as never)).toMatchObject({
    colorManagementPreset: "AgX",
  });
});

test("15. whether a cancel takes a while, or came too late, is read from the status", async () => {
  await using server = await serve({ body: { data: job({ status: "finalizing" }) } });
  expect((await server.client.jobs.cancel(ID)).status).toBe("finalizing");
});

describe("16. downloads", () => {
  const url = (name: string) => `https://cdn/j/${name}?signature=x`;

  test.each([
    ["nothing", {}],
    ["nulls", { frames: null, frameOutputs: null, transforms: null }],
    ["empty lists", { frames: [], frameOutputs: [], transforms: {} }],
  ])("%s means no files", (_what, downloads) => {
    expect(planOutputs(downloads)).toEqual({ outputs: [], refused: [] });
  });

  test.each([
    ["an object", { url: url("f.zip"), fileName: "f.zip" }],
    ["a list", [{ url: url("f.zip"), fileName: "f.zip" }]],
    ["a map", { main: { url: url("f.zip"), fileName: "f.zip" } }],
  ])("the zip of frames as %s", (_what, framesZipOutputs) => {
    expect(planOutputs({ transforms: { framesZipOutputs } }).outputs).toMatchObject([
      { kind: "framesZip", relativePath: "f.zip" },
    ]);
  });

  test("a file in the old list and in the new one is fetched once, under its own name", () => {
    const { outputs } = planOutputs({
      frames: ["https://cdn/j/shot_0001.png?signature=other", url("shot_0002.png")],
      frameOutputs: [{ url: url("shot_0001.png"), fileName: "beauty_0001.png" }],
    });
    expect(outputs.map(({ relativePath }) => relativePath)).toEqual(["beauty_0001.png", "shot_0002.png"]);
  });

  test("video under any keys", () => {
    const video = { mp4: url("v.mp4"), gif: null };
    expect(planOutputs({ transforms: { video } }).outputs.map(({ kind }) => kind)).toEqual(["video"]);
  });
});

test("17. a webhook of an event that nobody knows, with more in it", async () => {
  const body = JSON.stringify({ event: "onSomethingNew", jobId: ID, extra: 1 });
  const nowMs = 1_700_000_000_000;
  const headers = await signWebhook({ body, secret: "s", nowMs });
  const event = await verifyWebhook({ body, headers, secret: "s", nowMs });
  expect(event).toMatchObject({ event: "onSomethingNew", jobId: ID, extra: 1 });
});

test.each([401, 403])("18. a key that is refused with %i", async (status) => {
  await using server = await serve({ status, body: { message: "no" } });
  await expect(server.client.jobs.list()).rejects.toMatchObject({
    code: status === 401 ? "authentication_failed" : "permission_denied",
    hint: expect.stringMatching(/key/i),
  });
  expect(server.requests).toHaveLength(1);
});

test("19. an upload target in an envelope, with members of another way to upload", async () => {
  await using server = await serve({ body: { data: { uploadUrl: "https://host/x", slug: "s", parts: [] } } });
  expect((await server.client.uploads.create({ fileName: "a.zip", fileType: "zip" })).slug).toBe("s");
});

test.each([
  [{ finalConfig: { frameRanges: ["1-3"] } }, [1, 2, 3]],
  [{ finalConfig: { frameRanges: "1-3" }, analysis: { frameStart: 4, frameEnd: 5 } }, [4, 5]],
  [{ finalConfig: { frameRanges: ["first-last"] } }, undefined],
  [{ analysis: { frameStart: 1, frameEnd: 1e12 } }, undefined],
  [{ analysis: "text" }, undefined],
  [{}, undefined],
])("20. the frames to expect, as far as the server says: %j", async (more, expected) => {
  await using server = await serve({ body: job(more) });
  expect(expectedFrames(await server.client.jobs.get(ID))).toEqual(expected);
});

import { describe, expect, test } from "vitest";
import { SITUATIONS, startWithJob } from "./with-job.ts";
import { CONFIG, createTestClock, refusal, SCENE, startSandbox } from "./with-sandbox.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const NOTHING = {
  frames: [],
  compositeNodes: [],
  transforms: {},
  frameOutputs: [],
  compositeNodeOutputs: [],
};

/** What every job shows, whatever it has come to. */
const JOB = {
  id: expect.stringMatching(UUID),
  workspaceId: expect.stringMatching(UUID),
  createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  updatedAt: expect.stringMatching(/Z$/),
  rootFolderId: null,
  output: { isDeletedForClient: false },
  isAnalysisSkipped: false,
  sceneFile: { fileName: "shot.blend", sizeBytes: SCENE.length },
};

describe("POST /uploads", () => {
  test("gives a slug and a URL on another host, good for an hour", async () => {
    const clock = createTestClock();
    await using setup = await startSandbox({ clock });
    const { status, body } = await setup.api.post("/uploads", { fileName: "shot.blend", fileType: "blend" });
    expect(status).toBe(200);
    expect(body).toEqual({
      uploadUrl: expect.stringContaining(setup.sandbox.storageUrl),
      slug: expect.stringMatching(/./),
      expiresAt: new Date(clock.now() + 3_600_000).toISOString(),
    });
    expect(new URL(setup.sandbox.storageUrl).origin).not.toBe(new URL(setup.sandbox.url).origin);
  });

  test("gives another slug each time", async () => {
    await using setup = await startSandbox();
    const [first, second] = [await setup.api.createUpload(), await setup.api.createUpload()];
    expect(first.slug).not.toBe(second.slug);
  });

  test("does not mind the case of the extension", async () => {
    await using setup = await startSandbox();
    const answer = await setup.api.post("/uploads", { fileName: "SHOT.ZIP", fileType: "zip" });
    expect(answer.status).toBe(200);
  });
});

describe("POST /uploads refuses", () => {
  test.each([
    ["no body", undefined],
    ["what is not JSON", "fileName=shot.blend"],
    ["a list", []],
    ["no file type", { fileName: "shot.blend" }],
    ["an empty name", { fileName: "", fileType: "blend" }],
    ["another file type", { fileName: "shot.ma", fileType: "ma" }],
    ["a type that is not the name's", { fileName: "shot.blend", fileType: "zip" }],
    ["a name without extension", { fileName: "shotblend", fileType: "blend" }],
    ["a member that nobody knows", { fileName: "shot.blend", fileType: "blend", size: 4 }],
  ])("%s", async (_what, body) => {
    await using setup = await startSandbox();
    expect(await setup.api.post("/uploads", body)).toMatchObject(refusal(400, "invalid_request"));
  });
});

describe("POST /jobs", () => {
  test("makes a job of an upload and starts nothing", async () => {
    await using setup = await startSandbox();
    const { status, body } = await setup.api.post("/jobs", { slug: await setup.api.upload() });
    expect(status).toBe(200);
    expect(body).toEqual({ ...JOB, status: "created" });
  });

  test("takes a slug again", async () => {
    await using setup = await startSandbox();
    const slug = await setup.api.upload();
    const [first, second] = [
      await setup.api.post("/jobs", { slug }),
      await setup.api.post("/jobs", { slug }),
    ];
    expect([first.status, second.status]).toEqual([200, 200]);
    expect((await setup.api.listJobs()).jobs).toHaveLength(2);
  });

  test("refuses a slug whose file is not there yet", async () => {
    await using setup = await startSandbox();
    const { slug } = await setup.api.createUpload();
    expect(await setup.api.post("/jobs", { slug })).toMatchObject(refusal(400, "upload_missing"));
  });

  test.each([undefined, {}, { slug: "" }, { slug: 7 }])("refuses %j", async (body) => {
    await using setup = await startSandbox();
    expect(await setup.api.post("/jobs", body)).toMatchObject(refusal(400, "invalid_request"));
  });

  test("refuses a slug that nobody handed out", async () => {
    await using setup = await startSandbox();
    expect(await setup.api.post("/jobs", { slug: "nonsense" })).toMatchObject(refusal(404, "not_found"));
  });
});

describe("GET /jobs", () => {
  test("an empty workspace has one empty page", async () => {
    await using setup = await startSandbox();
    expect((await setup.api.get("/jobs")).body).toEqual({
      jobs: [],
      pagination: { page: 1, pageSize: 10, total: 0, totalPages: 1 },
    });
  });

  test("shows bare jobs, newest first", async () => {
    await using setup = await startSandbox();
    const jobs = [await setup.api.createJob(), await setup.api.createJob(), await setup.api.createJob()];
    expect((await setup.api.listJobs()).jobs).toEqual(jobs.reverse());
  });

  test.each([
    ["", { page: 1, pageSize: 10, total: 12, totalPages: 2 }, 10],
    ["?page=2", { page: 2, pageSize: 10, total: 12, totalPages: 2 }, 2],
    ["?page=3", { page: 3, pageSize: 10, total: 12, totalPages: 2 }, 0],
    ["?pageSize=5&page=3", { page: 3, pageSize: 5, total: 12, totalPages: 3 }, 2],
    ["?pageSize=500", { page: 1, pageSize: 100, total: 12, totalPages: 1 }, 12],
    ["?status=created&pageSize=5", { page: 1, pageSize: 5, total: 11, totalPages: 3 }, 5],
    ["?status=validating", { page: 1, pageSize: 10, total: 1, totalPages: 1 }, 1],
    ["?status=nonsense", { page: 1, pageSize: 10, total: 0, totalPages: 1 }, 0],
  ])("of 12 jobs, one validating: %j", async (query, pagination, count) => {
    await using setup = await startSandbox({ clock: createTestClock() });
    const slug = await setup.api.upload();
    for (let job = 0; job < 12; job++) await setup.api.post("/jobs", { slug });
    await setup.api.validate((await setup.api.listJobs()).jobs[0]?.id ?? "");
    const page = await setup.api.listJobs(query);
    expect(page.pagination).toEqual(pagination);
    expect(page.jobs).toHaveLength(count);
  });

  test("pages have no job in common and together have all", async () => {
    await using setup = await startSandbox();
    const slug = await setup.api.upload();
    for (let job = 0; job < 7; job++) await setup.api.post("/jobs", { slug });
    const pages = [1, 2, 3].map((page) => setup.api.listJobs(`?pageSize=3&page=${page}`));
    const ids = (await Promise.all(pages)).flatMap(({ jobs }) => jobs.map(({ id }) => id));
    expect(ids).toHaveLength(7);
    expect(new Set(ids).size).toBe(7);
  });

  test.each(["page=0", "page=-1", "page=1.5", "page=x", "page=1e300", "pageSize=0", "pageSize="])(
    "refuses ?%s",
    async (query) => {
      await using setup = await startSandbox();
      expect(await setup.api.get(`/jobs?${query}`)).toMatchObject(refusal(400, "invalid_request"));
    },
  );
});

test("GET /jobs/{id} is the one answer that is wrapped", async () => {
  await using setup = await startSandbox();
  const job = await setup.api.createJob();
  expect(await setup.api.get(`/jobs/${job.id}`)).toMatchObject({ status: 200, body: { data: job } });
});

describe("POST /jobs/{id}/validate", () => {
  test("answers a job that is validating, which then becomes validated with an analysis", async () => {
    await using setup = await startSandbox();
    const { id } = await setup.api.createJob();
    expect((await setup.api.post(`/jobs/${id}/validate`)).body).toEqual({ ...JOB, id, status: "validating" });
    expect(await setup.api.reach(id, "validated")).toEqual({
      ...JOB,
      id,
      status: "validated",
      analysisId: expect.stringMatching(UUID),
      analysis: expect.objectContaining({ frameStart: 1, frameEnd: 3, resolution: [32, 18] }),
    });
  });

  test("fails a job whose file is not a scene, and says why", async () => {
    await using setup = await startSandbox();
    const { id } = await setup.api.createJob(Buffer.from("<!DOCTYPE html>"));
    await setup.api.validate(id);
    expect((await setup.api.reach(id, "failed")).failedReason).toEqual({
      name: "shot.blend is not a Blender scene.",
      type: "scene_unreadable",
    });
  });
});

describe("POST /jobs/{id}/render", () => {
  test("renders what was asked for", async () => {
    await using setup = await startSandbox();
    const config = { ...CONFIG, frameRanges: ["1-9x4", "7"], notes: "night" };
    const job = await setup.api.complete(config);
    expect(job).toEqual({
      ...JOB,
      status: "completed",
      analysisId: expect.any(String),
      analysis: expect.any(Object),
      requestedConfig: config,
      finalConfig: expect.objectContaining({ ...config, renderEngine: "CYCLES" }),
      normalizedSeconds: expect.any(Number),
    });
    expect((await setup.api.downloads(job.id)).frameOutputs?.map(({ fileName }) => fileName)).toEqual([
      "frame_0001.png",
      "frame_0005.png",
      "frame_0007.png",
      "frame_0009.png",
    ]);
  });

  test("the color management preset alone is enough: the rest is the scene's", async () => {
    await using setup = await startSandbox();
    const job = await setup.api.complete({ colorManagementPreset: "aces" });
    expect(job.finalConfig).toMatchObject({ frameRanges: ["1-3"], renderEngine: "CYCLES" });
  });

  test("normalizedSeconds is the time that the frames took", async () => {
    await using setup = await startWithJob("completed");
    expect((await setup.api.getJob(setup.id)).normalizedSeconds).toBe(3);
  });

  test("a second start changes nothing and says so in a header", async () => {
    await using setup = await startWithJob("validated");
    const start = (frames: string) =>
      setup.api.post(`/jobs/${setup.id}/render`, {
        requestedRenderConfig: { ...CONFIG, frameRanges: [frames] },
      });
    const [first, second] = [await start("1-3"), await start("50")];
    expect(first.headers.get("x-idempotent-replay")).toBeNull();
    expect(second.headers.get("x-idempotent-replay")).toBe("true");
    expect(second.status).toBe(200);
    expect(second.body).toEqual(first.body);
    expect(setup.sandbox.statistics.rendersStarted).toBe(1);
  });

  test.each([
    ["no body", undefined],
    ["no config", {}],
    ["an empty config", { requestedRenderConfig: {} }],
    ["no color management preset", { requestedRenderConfig: { frameRanges: ["1"] } }],
    ["a setting of the wrong type", { requestedRenderConfig: { ...CONFIG, sampleCount: "64" } }],
    ["a misspelled setting", { requestedRenderConfig: { ...CONFIG, sampels: 64 } }],
    ["frames that count backwards", { requestedRenderConfig: { ...CONFIG, frameRanges: ["9-1"] } }],
    ["frames that are none", { requestedRenderConfig: { ...CONFIG, frameRanges: ["1", "all"] } }],
    ["a million and one frames", { requestedRenderConfig: { ...CONFIG, frameRanges: ["0-1000000"] } }],
  ])("refuses %s, and the job stays ready for a better start", async (_what, body) => {
    await using setup = await startWithJob("validated");
    const before = await setup.api.getJob(setup.id);
    const answer = await setup.api.post(`/jobs/${setup.id}/render`, body);
    expect(answer).toMatchObject(refusal(400, "invalid_request"));
    expect(await setup.api.getJob(setup.id)).toEqual(before);
  });
});

describe("POST /jobs/{id}/cancel", () => {
  test("answers the canceled job, which stays so", async () => {
    await using setup = await startWithJob("rendering");
    const { status, body } = await setup.api.post(`/jobs/${setup.id}/cancel`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ ...JOB, id: setup.id, status: "canceled" });
    await expect.poll(() => setup.sandbox.statistics.rendersRunning).toBe(0);
    expect(await setup.api.getJob(setup.id)).toEqual(body);
  });

  test("gives way to the next job", async () => {
    await using setup = await startWithJob("rendering");
    const next = await setup.api.createJob();
    await setup.api.validate(next.id);
    await setup.api.post(`/jobs/${setup.id}/cancel`);
    await setup.clock.tick();
    await setup.api.reach(next.id, "validated");
  });
});

describe("GET progress", () => {
  test("counts frames while they render", async () => {
    await using setup = await startWithJob("rendering");
    const { api, clock, id } = setup;
    const read = async () => (await api.get(`/jobs/${id}/progress`)).body;
    const entry = { jobId: id, totalFrames: 3, completedFrames: 0, failedFrames: 0 };
    expect(await read()).toEqual([entry]);
    await clock.tick();
    await expect.poll(read).toEqual([{ ...entry, completedFrames: 1 }]);
    await clock.tick(2);
    await api.reach(id, "completed");
    expect(await read()).toEqual([]);
  });

  test.each(SITUATIONS)("of a job that is %s", async (situation) => {
    await using setup = await startWithJob(situation);
    const isInRender = ["booting", "rendering", "finalizing"].includes(situation);
    const { status, body } = await setup.api.get(`/jobs/${setup.id}/progress`);
    expect(status).toBe(200);
    expect(body).toEqual(isInRender ? [expect.objectContaining({ jobId: setup.id })] : []);
    expect((await setup.api.get("/jobs/progress")).body).toEqual(body);
  });

  test("GET /jobs/progress has one entry for each job that renders", async () => {
    await using setup = await startWithJob("validated");
    const next = await setup.api.createJob();
    await setup.api.validate(next.id);
    await setup.clock.tick();
    await setup.api.reach(next.id, "validated");
    await setup.api.render(setup.id);
    await setup.api.render(next.id);
    const { body } = await setup.api.get("/jobs/progress");
    expect(body).toMatchObject([{ jobId: setup.id }, { jobId: next.id }]);
  });
});

describe("GET /jobs/{id}/downloads", () => {
  test("lists the files of a completed job, old members and new", async () => {
    await using setup = await startSandbox();
    const { id } = await setup.api.complete({ ...CONFIG, frameRanges: ["1-2"] });
    const files = `${setup.sandbox.storageUrl}/files/${id}`;
    const output = (name: string) => ({
      url: expect.stringContaining(`${files}/${name}?`),
      fileName: name,
      relativePath: name,
      view: "",
      legacy: false,
      compositeNodeName: "",
    });
    const { body } = await setup.api.get(`/jobs/${id}/downloads`);
    expect(body).toEqual({
      frames: [
        expect.stringContaining(`${files}/frame_0001.png`),
        expect.stringContaining(`${files}/frame_0002.png`),
      ],
      compositeNodes: [],
      transforms: {
        framesZip: expect.stringContaining(`${files}/frames.zip`),
        framesZipOutputs: output("frames.zip"),
        video: {},
      },
      frameOutputs: [output("frame_0001.png"), output("frame_0002.png")],
      compositeNodeOutputs: [],
    });
  });

  test.each(SITUATIONS.filter((situation) => situation !== "completed"))(
    "has empty lists for a job that is %s",
    async (situation) => {
      await using setup = await startWithJob(situation);
      const { status, body } = await setup.api.get(`/jobs/${setup.id}/downloads`);
      expect(status).toBe(200);
      expect(body).toEqual(NOTHING);
    },
  );

  test("has empty lists after a cancel, though some frames were done", async () => {
    await using setup = await startWithJob("rendering");
    await setup.clock.tick(2);
    await setup.api.post(`/jobs/${setup.id}/cancel`);
    expect((await setup.api.get(`/jobs/${setup.id}/downloads`)).body).toEqual(NOTHING);
  });
});

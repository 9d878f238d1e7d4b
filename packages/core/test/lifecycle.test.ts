import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { JobEvent, TimeoutError } from "../src/index.ts";
import { startSandbox } from "./with-sandbox.ts";
import { startServer } from "./with-server.ts";

async function collect(events: AsyncIterable<JobEvent>): Promise<JobEvent[]> {
  const list: JobEvent[] = [];
  for await (const event of events) list.push(event);
  return list;
}

describe("submit", () => {
  test("takes a scene to verified files and tells what happens", async () => {
    await using setup = await startSandbox();
    const { client, sandbox, folder } = setup;
    const outDir = join(folder, "frames");
    const handle = client.submit(await setup.writeScene(), { frames: "1-5x2", download: { outDir } });
    const events = await collect(handle);
    const { job, reached, downloads } = await handle;

    expect(job.status).toBe("completed");
    expect(reached).toBe("downloaded");
    expect(handle.jobId).toBe(job.id);
    expect(downloads?.missingFrames).toEqual([]);
    expect((await readdir(outDir)).filter((name) => !name.startsWith("."))).toEqual([
      "frame_0001.png",
      "frame_0003.png",
      "frame_0005.png",
    ]);
    expect(sandbox.statistics).toMatchObject({ jobsCreated: 1, rendersStarted: 1, uploads: 1 });
    const types = [...new Set(events.map(({ type }) => type))].filter((type) => type !== "render-progressed");
    expect(types).toEqual([
      "preflight-finished",
      "upload-started",
      "upload-progressed",
      "upload-finished",
      "create-started",
      "job-created",
      "validate-started",
      "status-changed",
      "job-validated",
      "render-started",
      "render-accepted",
      "job-finished",
      "download-started",
      "file-progressed",
      "file-finished",
      "download-finished",
    ]);
  });

  test.each(["created", "validated", "started", "finished"] as const)("stops at %s", async (until) => {
    await using setup = await startSandbox();
    const handle = setup.client.submit(await setup.writeScene(), { until });
    expect((await handle).reached).toBe(until);
    expect(setup.sandbox.statistics.rendersStarted).toBe(until === "started" || until === "finished" ? 1 : 0);
  });

  test("is refused before any request for a slip in a setting, also one that `decide` makes", async () => {
    await using setup = await startSandbox();
    const scene = await setup.writeScene();
    const slip = { settings: { outputSettings: { exrCodec: "zip" } } };
    const refusal = { message: 'outputSettings.exrCodec cannot be "zip".', hint: "Write it as ZIP." };
    await expect(setup.client.submit(scene, slip)).rejects.toMatchObject(refusal);
    expect(setup.sandbox.statistics.requests).toEqual({});
    const decide = () => ({ action: "render", ...slip }) as const;
    await expect(setup.client.submit(scene, { decide })).rejects.toMatchObject(refusal);
    expect(setup.sandbox.statistics.rendersStarted).toBe(0);
  });

  test.each([
    [undefined, "The slug is missing."],
    ["", "The slug is missing."],
    [7, "7 is not a slug."],
  ])("says before any request that %j is not a slug, and what to do", async (slug, message) => {
    await using setup = await startSandbox();
    await expect(setup.client.submit({ slug: slug as string })).rejects.toMatchObject({
      code: "invalid_option",
      message,
      hint: expect.stringContaining("Pass the slug"),
    });
    expect(setup.sandbox.statistics.requests).toEqual({});
  });

  test("asks before it spends, and takes changed settings", async () => {
    await using setup = await startSandbox();
    const scene = await setup.writeScene();
    const stopped = setup.client.submit(scene, { decide: () => ({ action: "stop", reason: "too dear" }) });
    expect(await stopped).toMatchObject({ reached: "validated", stopReason: "too dear" });
    expect(setup.sandbox.statistics.rendersStarted).toBe(0);

    const changed = setup.client.submit(scene, {
      decide: ({ analysis }) => ({
        action: "render",
        settings: { notes: `${analysis?.renderEngine}` },
      }),
    });
    expect((await changed).job.requestedConfig).toMatchObject({ notes: "CYCLES" });
  });

  test("sends nothing when preflight finds an error", async () => {
    await using setup = await startSandbox();
    const path = join(setup.folder, "shot.blend");
    await writeFile(path, "<!DOCTYPE html>");
    await expect(setup.client.submit(path)).rejects.toMatchObject({ code: "preflight_failed" });
    expect(setup.sandbox.statistics.requests).toEqual({});
  });

  test("a folder is zipped on the way", async () => {
    await using setup = await startSandbox();
    await setup.writeScene("scene.blend");
    await writeFile(join(setup.folder, "texture.txt"), "wood");
    const { job } = await setup.client.submit(setup.folder, { frames: "1" });
    expect(job).toMatchObject({ status: "completed" });
  });

  test("goes on from a slug or a job of an earlier run, and never renders twice", async () => {
    await using setup = await startSandbox();
    const { client, sandbox } = setup;
    const path = await setup.writeScene();
    const events = await collect(client.submit(path, { until: "created" }));
    const uploaded = events.find((event) => event.type === "upload-finished");
    const slug = uploaded?.type === "upload-finished" ? uploaded.slug : "";
    const { job } = await client.submit({ slug }, { until: "started" });
    const again = await client.submit({ jobId: job.id }, { download: { outDir: setup.folder } });
    expect(again.job.id).toBe(job.id);
    expect(sandbox.statistics).toMatchObject({ uploads: 1, jobsCreated: 2, rendersStarted: 1 });
  });

  test("every byte leaves, and progress counts them", async () => {
    await using setup = await startSandbox();
    const path = await setup.writeScene("large.blend", 5_000_000);
    const seen: number[] = [];
    const handle = setup.client.submit(path, { until: "created" });
    for await (const event of handle) if (event.type === "upload-progressed") seen.push(event.sentBytes);
    expect(seen.at(-1)).toBe(5_000_000);
    expect(setup.sandbox.statistics.uploadedBytes).toBe((await readFile(path)).length);
  });

  test("a failed job says why", async () => {
    await using setup = await startSandbox({ faults: ["render-crash"] });
    await expect(setup.client.submit(await setup.writeScene())).rejects.toMatchObject({
      code: "job_failed",
      job: { status: "failed", failedReason: { type: expect.any(String) } },
      message: expect.stringContaining("Blender crashed"),
    });
  });

  test("the time for all of it can be limited", async () => {
    await using setup = await startSandbox({ simulatedStepMs: 60_000 });
    const handle = setup.client.submit(await setup.writeScene(), { deadlineMs: 300 });
    const error = (await handle.catch((thrown) => thrown)) as TimeoutError;
    expect(error).toMatchObject({ code: "deadline_exceeded" });
    expect(error.job?.id).toBe(handle.jobId);
  });

  test("cancel ends the remote job too", async () => {
    await using setup = await startSandbox({ simulatedStepMs: 50 });
    const handle = setup.client.submit(await setup.writeScene(), { frames: "1-500" });
    for await (const event of handle) if (event.type === "render-accepted") break;
    expect((await handle.cancel())?.job.status).toBe("canceled");
    await expect(handle).rejects.toMatchObject({ name: "AbortError" });
    await expect.poll(() => setup.sandbox.statistics.rendersRunning).toBe(0);
  });
});

test("a key can only see the jobs in its own workspace", async () => {
  await using setup = await startSandbox();
  const { job } = await setup.client.submit(await setup.writeScene(), { until: "created" });
  await using other = await startSandbox();
  await expect(other.client.jobs.get(job.id)).rejects.toMatchObject({ code: "not_found" });
});

test("a list is one page when awaited, and every job once when iterated", async () => {
  await using setup = await startSandbox();
  const path = await setup.writeScene();
  for (let count = 0; count < 12; count++) await setup.client.submit(path, { until: "created" });
  const ids: string[] = [];
  const list = setup.client.jobs.list({ pageSize: 5 });
  expect(setup.sandbox.statistics.requests.listJobs).toBeUndefined();
  for await (const job of list) ids.push(job.id);
  expect(setup.sandbox.statistics.requests.listJobs).toBe(3);
  expect(new Set(ids).size).toBe(12);
  expect(ids).toHaveLength(12);
  expect((await list).jobs.map(({ id }) => id)).toEqual(ids.slice(0, 5));
  await expect(setup.client.jobs.list({ page: 0 })).rejects.toMatchObject({ code: "invalid_option" });
});

test("what the farm did differently from the request is reported as a warning", async () => {
  const warnings = ["Denoising is off: this build has no denoiser."];
  const finalConfig = { engine: "CYCLES", warnings };
  await using server = await startServer(() => ({ body: { id: "j1", status: "completed", finalConfig } }));
  const events = await collect(server.client.submit({ jobId: "j1" }, { until: "finished" }));
  expect(events.filter(({ type }) => type === "warning")).toEqual([
    { type: "warning", message: warnings[0] },
  ]);
});

describe("files that the farm does not find", () => {
  const missingFiles = ["//textures/wood.png", "//rig.blend"];
  const analysis = { missingFiles, warnings: ["No camera.", "2 file(s) are missing."] };

  /** A farm that has looked at the scene. */
  async function startFarm() {
    let status = "validated";
    return startServer(({ path }) => {
      if (path.endsWith("/render")) status = "completed";
      return { body: { id: "j1", status, analysis } };
    });
  }
  const warningsOf = (events: readonly JobEvent[]) =>
    events.flatMap((event, index) => (event.type === "warning" ? [{ ...event, index }] : []));

  test("are named before the render starts, and again when it is over", async () => {
    await using farm = await startFarm();
    const handle = farm.client.submit({ jobId: "j1" }, { until: "finished" });
    const events = await collect(handle);
    const [camera, before, after] = warningsOf(events);
    const startedAt = events.findIndex(({ type }) => type === "render-started");
    expect(camera?.message).toBe("No camera.");
    expect(before).toMatchObject({ message: expect.stringContaining(missingFiles.join(", ")), missingFiles });
    expect(before?.index).toBeLessThan(startedAt);
    expect(after).toMatchObject({
      message: expect.stringContaining("rendered without 2 files"),
      missingFiles,
    });
    expect(after?.index).toBe(events.length - 1);
    expect((await handle).missingFiles).toEqual(missingFiles);
  });

  test("stop the run when the scene has to be complete", async () => {
    await using farm = await startFarm();
    const run = farm.client.submit({ jobId: "j1" }, { requireComplete: true });
    await expect(run).rejects.toMatchObject({
      code: "scene_incomplete",
      jobId: "j1",
      job: { status: "validated", analysis: { missingFiles } },
      missingFiles,
      message: expect.stringContaining("//textures/wood.png"),
    });
    expect(farm.requests.map(({ path }) => path)).not.toContain("/jobs/j1/render");
    // Continuing the job renders it anyway.
    await farm.client.submit({ jobId: "j1" }, { until: "started" });
    // What renders already is not given up.
    const { job } = await farm.client.submit({ jobId: "j1" }, { requireComplete: true });
    expect(job.status).toBe("completed");
  });
});

describe("a job that was started otherwise than is asked for now", () => {
  const requestedConfig = {
    frameRanges: ["1-3"],
    fps: 24,
    resolution: [10, 20],
    notes: "n",
    outputSettings: { quality: 90 },
  };
  const whole = { ...requestedConfig, colorManagementPreset: "default" };

  test.each([
    [{ frames: "1-3" }, requestedConfig, undefined],
    [{ frames: ["1", "2-3"], settings: { notes: "other" } }, requestedConfig, undefined],
    [{}, requestedConfig, undefined],
    [{ frames: "1-4" }, requestedConfig, /with frames 1-3; requesting frames 1-4 has no effect on it\.$/],
    [
      { settings: { fps: 25, resolution: [10, 20], outputSettings: { quality: 80 } } },
      requestedConfig,
      /with fps 24 and outputSettings\.quality 90; requesting fps 25 and outputSettings\.quality 80 has/,
    ],
    // What was not asked for then came from the scene, but only where the server tells all that was asked for.
    [
      { settings: { sampleCount: 8 } },
      whole,
      /with the scene's own sampleCount; requesting sampleCount 8 has/,
    ],
    [{ settings: { sampleCount: 8 } }, requestedConfig, undefined],
    [{ settings: { sampleCount: 8 } }, "unknown", undefined],
    [{ settings: { sampleCount: 8 } }, { ...whole, sampleCount: "eight" }, undefined],
  ])("says so: %j", async (input, config, message) => {
    await using server = await startServer(() => ({
      body: { id: "j1", status: "completed", requestedConfig: config },
    }));
    const resume = { jobId: "j1" };
    const events = await collect(server.client.submit(resume, { ...input, until: "finished" }));
    const warnings = events.flatMap((event) => (event.type === "warning" ? [event.message] : []));
    expect(warnings).toEqual(message ? [expect.stringMatching(message)] : []);
  });

  test("gives only the frames that are asked for, and says which it lacks", async () => {
    await using setup = await startSandbox();
    const { client } = setup;
    const { job } = await client.submit(await setup.writeScene(), { frames: "1-6x2" });
    const run = client.submit(
      { jobId: job.id },
      { frames: "2-3", download: { outDir: join(setup.folder, "out") } },
    );
    const warnings = (await collect(run)).filter(({ type }) => type === "warning");
    expect(warnings).toMatchObject([{ hint: "To render frames 2-3, submit the scene again." }]);
    const { downloads } = await run;
    expect(downloads?.files.map(({ frame }) => frame)).toEqual([3]);
    expect(downloads?.missingFrames).toEqual([2]);
  });
});

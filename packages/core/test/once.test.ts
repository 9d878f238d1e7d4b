import { readdir, readFile, rm, rmdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { holdRenders } from "../../../hosts/lib/held-renders.ts";
import { ensureCanceled, nameFrame } from "../src/adapter.ts";
import type { JobEvent } from "../src/index.ts";
import type { JobHandle } from "../src/node/index.ts";
import { startSandbox } from "./with-sandbox.ts";

/** A sandbox, and a run that may be begun any number of times. */
async function startOnce(options: Parameters<typeof startSandbox>[0] = {}) {
  const setup = await startSandbox(options);
  const scene = await setup.writeScene();
  const outDir = join(setup.folder, "out");
  const recordFile = join(outDir, ".renderjuice", "run.json");
  return {
    ...setup,
    outDir,
    recordFile,
    begin: (tag = "shot-1"): JobHandle =>
      setup.client.submit(scene, {
        frames: "1-3",
        once: { tag, recordFile },
        download: { outDir, framePattern: "shot_##" },
      }),
  };
}

/** Reads up to the first event of a type, then drops the run as a process that ends would. */
async function cutOffAt(handle: JobHandle, type: JobEvent["type"]): Promise<void> {
  for await (const event of handle) {
    if (event.type !== type) continue;
    handle.detach();
    break;
  }
  await handle.catch(() => undefined);
}

async function typesOf(handle: JobHandle): Promise<string[]> {
  const types: string[] = [];
  for await (const { type } of handle) types.push(type);
  return types;
}

const CUTS = [
  "upload-started",
  "upload-finished",
  "create-started",
  "job-created",
  "validate-started",
  "job-validated",
  "render-started",
  "render-accepted",
  "render-progressed",
  "job-finished",
  "download-started",
  "file-finished",
  "download-finished",
] as const;

describe("a run that is paid for once", () => {
  test.each(CUTS)("cut off at %s and begun again, renders once and has its frames", async (type) => {
    await using setup = await startOnce();
    await cutOffAt(setup.begin(), type);
    const { downloads } = await setup.begin();
    expect(setup.sandbox.statistics.rendersStarted).toBe(1);
    expect(downloads?.missingFrames).toEqual([]);
    expect((await readdir(setup.outDir)).filter((name) => name.endsWith(".png"))).toEqual([
      "shot_01.png",
      "shot_02.png",
      "shot_03.png",
    ]);
  });

  test("continues from the upload when the job was not created", async () => {
    await using setup = await startOnce();
    await cutOffAt(setup.begin(), "upload-finished");
    const types = await typesOf(setup.begin());
    expect(types).not.toContain("upload-started");
    expect(setup.sandbox.statistics.uploads).toBe(1);
  });

  test("uploads again when the earlier upload is refused", async () => {
    await using setup = await startOnce();
    await cutOffAt(setup.begin(), "job-finished");
    await writeFile(setup.recordFile, JSON.stringify({ tag: "shot-2", slug: "no-such-upload" }));
    const types = await typesOf(setup.begin("shot-2"));
    expect(types).toContain("upload-started");
    expect(types.at(-1)).toBe("download-finished");
  });

  test("finds the job by its tag when the record is lost or cannot be read", async () => {
    await using setup = await startOnce();
    await setup.begin();
    await rm(setup.recordFile);
    expect(await typesOf(setup.begin())).toContain("job-attached");
    await writeFile(setup.recordFile, "{ cut o");
    expect(await typesOf(setup.begin())).toContain("job-attached");
    expect(setup.sandbox.statistics.jobsCreated).toBe(1);
  });

  test("another tag is another render", async () => {
    await using setup = await startOnce();
    await setup.begin("shot-1");
    await setup.begin("shot-2");
    expect(setup.sandbox.statistics.rendersStarted).toBe(2);
  });

  test("a job that was canceled is rendered again", async () => {
    await using setup = await startOnce({ simulatedStepMs: 50 });
    const first = setup.begin();
    await cutOffAt(first, "render-accepted");
    await ensureCanceled(setup.client, first.jobId ?? "", { deadlineMs: 10_000 });
    const second = setup.begin();
    expect((await second).job.status).toBe("completed");
    expect(second.jobId).not.toBe(first.jobId);
  });

  test("two at the same time render once, one after the other", async () => {
    await using setup = await startOnce();
    const [first, second] = [setup.begin(), setup.begin()];
    const types = await Promise.all([typesOf(first), typesOf(second)]);
    expect(first.jobId).toBe(second.jobId);
    expect(types.flat().filter((type) => type === "warning")).toHaveLength(1);
    expect(setup.sandbox.statistics).toMatchObject({ jobsCreated: 1, rendersStarted: 1 });
  });

  test.each([
    ["touched by another process", (lock: string) => utimes(lock, new Date(0), new Date(0))],
    ["gone", rmdir],
  ])(
    "stops when its lock is %s, says that nothing is lost, and goes on when it is begun again",
    async (_, take) => {
      const { renderer, letGo } = holdRenders();
      await using setup = await startOnce({ renderer });
      const first = setup.begin();
      for await (const { type } of first) if (type === "render-accepted") break;
      await take(`${setup.recordFile}.lock`);
      await expect(first).rejects.toMatchObject({
        code: "run_taken_over",
        isRetryable: true,
        message: expect.stringContaining(setup.recordFile),
        hint: expect.stringContaining("Nothing is lost"),
      });
      letGo();
      expect((await setup.begin()).job.id).toBe(first.jobId);
      expect(setup.sandbox.statistics).toMatchObject({ jobsCreated: 1, rendersStarted: 1 });
    },
  );

  test("the record names the job and holds no secret", async () => {
    await using setup = await startOnce();
    const handle = setup.begin();
    await handle;
    const text = await readFile(setup.recordFile, "utf8");
    expect(JSON.parse(text)).toMatchObject({ tag: "shot-1", jobId: handle.jobId });
    expect(text).not.toContain(setup.sandbox.apiKeys[0]);
  });
});

describe("nameFrame", () => {
  test.each([
    ["shot_####", 7, "frame_0007.png", "shot_0007.png"],
    ["shot_", 7, "frame_0007.png", "shot_0007.png"],
    ["shot_##.v2", 123, "x.exr", "shot_123.v2.exr"],
    ["a##_b###", 5, "x.png", "a##_b005.png"],
    ["shot_####.png", 5, "x.exr", "shot_0005.exr"],
    ["shot_####", -3, "x.png", "shot_-0003.png"],
    ["Übergang 場面 ####", 5, "x.png", "Übergang 場面 0005.png"],
  ])("%s, frame %d of %s is %s", (pattern, frame, original, expected) => {
    expect(nameFrame(pattern, frame, original)).toBe(expected);
  });

  test("a stereo view keeps its ending", () => {
    expect(nameFrame("shot_####", 5, "x_0005_L.png", "L")).toBe("shot_0005_L.png");
  });

  test("a folder in the pattern is refused", () => {
    expect(() => nameFrame("../shot_####", 1, "x.png")).toThrow(/is not a file name/);
  });
});

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Renderer } from "../src/index.ts";
import { createSimulatedRenderer } from "../src/renderers/simulated/simulated-renderer.ts";
import { startWithJob } from "./with-job.ts";
import { createTestClock, SCENE, startSandbox } from "./with-sandbox.ts";

async function createDataDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "renderjuice-restart-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** Remembers which frames it was asked for. */
function createCountingRenderer(clock: ReturnType<typeof createTestClock>) {
  const asked: number[][] = [];
  const simulated = createSimulatedRenderer({ clock, stepMs: 1000 });
  const renderer: Renderer = {
    ...simulated,
    render: (input) => {
      asked.push([...input.frames]);
      return simulated.render(input);
    },
  };
  return { renderer, asked };
}

describe("a sandbox that comes up again on its data folder", () => {
  test("goes on in the middle of a render, and renders only what is missing", async () => {
    const dataDir = await createDataDir();
    const clock = createTestClock();
    const { renderer, asked } = createCountingRenderer(clock);
    const config = { colorManagementPreset: "default", frameRanges: ["1-5"] } as const;
    let id: string;
    {
      await using first = await startSandbox({ dataDir, clock, renderer });
      id = (await first.api.createJob()).id;
      await first.api.validate(id);
      await clock.tick();
      await first.api.reach(id, "validated");
      await first.api.render(id, { ...config, frameRanges: [...config.frameRanges] });
      await clock.tick(2);
      await expect
        .poll(async () => (await first.api.get(`/jobs/${id}/progress`)).body)
        .toMatchObject([{ completedFrames: 2 }]);
    }
    await using second = await startSandbox({ dataDir, clock, renderer });
    await clock.tick(3);
    await second.api.reach(id, "completed");
    expect(asked).toEqual([
      [1, 2, 3, 4, 5],
      [3, 4, 5],
    ]);
    const { frameOutputs } = await second.api.downloads(id);
    expect(frameOutputs).toHaveLength(5);
  });

  test("takes up a validation", async () => {
    const dataDir = await createDataDir();
    const clock = createTestClock();
    let id: string;
    {
      await using first = await startSandbox({ dataDir, clock });
      id = (await first.api.createJob()).id;
      await first.api.validate(id);
    }
    await using second = await startSandbox({ dataDir, clock });
    await clock.tick();
    expect(await second.api.reach(id, "validated")).toHaveProperty("analysis");
  });

  test("takes up what was waiting, and leaves alone what was canceled", async () => {
    const dataDir = await createDataDir();
    const clock = createTestClock();
    const ids: string[] = [];
    {
      await using first = await startSandbox({ dataDir, clock, concurrency: 1 });
      for (let job = 0; job < 3; job++) ids.push((await first.api.createJob()).id);
      for (const id of ids) await first.api.validate(id);
      await first.api.post(`/jobs/${ids[1]}/cancel`);
    }
    await using second = await startSandbox({ dataDir, clock, concurrency: 1 });
    await clock.tick(2);
    await second.api.reach(ids[2] ?? "", "validated");
    const jobs = await Promise.all(ids.map((id) => second.api.getJob(id)));
    expect(jobs.map(({ status }) => status)).toEqual(["validated", "canceled", "validated"]);
  });

  test("completes a job that only had to be packed", async () => {
    const setup = await startWithJob("finalizing");
    await using _ = setup;
    await setup.sandbox.close();
    await using second = await startSandbox({ dataDir: setup.dataDir });
    expect(await second.api.reach(setup.id, "completed")).toMatchObject({ normalizedSeconds: 3 });
    expect((await second.api.downloads(setup.id)).frames).toHaveLength(3);
  });

  test("knows keys, jobs and the URLs it has signed", async () => {
    const dataDir = await createDataDir();
    const first = await startSandbox({ dataDir });
    const job = await first.api.complete();
    const { frames } = await first.api.downloads(job.id);
    const { uploadUrl } = await first.api.createUpload();
    await first.sandbox.close();

    await using second = await startSandbox({ dataDir, apiKeys: ["RJ-only-for-new-folders"] });
    const atSecond = (url = "") => url.replace(first.sandbox.storageUrl, second.sandbox.storageUrl);
    expect(second.sandbox.apiKeys).toEqual(first.sandbox.apiKeys);
    expect(await readFile(second.sandbox.apiKeyFile, "utf8")).toBe(`${second.sandbox.apiKeys[0]}\n`);
    expect(await second.api.getJob(job.id)).toEqual(job);
    expect((await fetch(atSecond(frames?.[0]))).status).toBe(200);
    expect((await fetch(atSecond(uploadUrl), { method: "PUT", body: new Uint8Array(SCENE) })).status).toBe(
      200,
    );
  });
});

test("a data folder serves one sandbox at a time", async () => {
  const dataDir = await createDataDir();
  await using _first = await startSandbox({ dataDir });
  await expect(startSandbox({ dataDir })).rejects.toThrow(/no other sandbox/);
});

test.each(["port", "storagePort"] as const)(
  "a %s that is taken is refused, and the data folder is free again",
  async (name) => {
    const dataDir = await createDataDir();
    await using other = await startSandbox();
    const port = Number(new URL(other.sandbox.url).port);
    await expect(startSandbox({ dataDir, [name]: port })).rejects.toThrow(/EADDRINUSE/);
    await using _again = await startSandbox({ dataDir });
  },
);

test("a fault that nobody knows is refused before the data folder is opened", async () => {
  const dataDir = await createDataDir();
  await expect(startSandbox({ dataDir, faults: ["nonsense"] })).rejects.toThrow(/"nonsense" is not a fault/);
  await using _again = await startSandbox({ dataDir });
});

test("closing twice is the same as closing once", async () => {
  const { sandbox } = await startSandbox();
  await Promise.all([sandbox.close(), sandbox.close()]);
  await sandbox.close();
  await expect(fetch(sandbox.docsUrl)).rejects.toThrow();
});

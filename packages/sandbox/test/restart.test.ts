import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Renderer } from "../src/index.ts";
import { createSimulatedRenderer } from "../src/renderers/simulated/simulated-renderer.ts";
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
        .poll(async () => JSON.stringify((await first.api.get(`/jobs/${id}/progress`)).body))
        .toMatch(/[^\d]2[^\d]/);
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

  test("knows keys, jobs and the URLs it has signed", async () => {
    const dataDir = await createDataDir();
    const first = await startSandbox({ dataDir });
    const job = await first.api.complete();
    const { frames } = await first.api.downloads(job.id);
    const { uploadUrl } = await first.api.createUpload();
    const [port, storagePort] = [first.sandbox.url, first.sandbox.storageUrl].map((url) =>
      Number(new URL(url).port),
    );
    await first.sandbox.close();

    await using second = await startSandbox({
      dataDir,
      ...(port && { port }),
      ...(storagePort && { storagePort }),
    });
    expect(second.sandbox.apiKeys).toEqual(first.sandbox.apiKeys);
    expect(await second.api.getJob(job.id)).toMatchObject({ status: "completed" });
    expect((await fetch(frames?.[0] ?? "")).status).toBe(200);
    expect((await fetch(uploadUrl, { method: "PUT", body: new Uint8Array(SCENE) })).status).toBe(200);
  });
});

test("a data folder serves one sandbox at a time", async () => {
  const dataDir = await createDataDir();
  await using _first = await startSandbox({ dataDir });
  await expect(startSandbox({ dataDir })).rejects.toThrow(/another sandbox/);
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createNodeClient } from "@renderjuice/core/node";
import { createSandbox } from "@renderjuice/sandbox";
import { describe, expect, test } from "vitest";
import { holdRenders } from "../../../hosts/lib/held-renders.ts";
import { startBundle } from "./studio.ts";

const SCENE = fileURLToPath(new URL("../../../examples/scenes/orange-juice.blend", import.meta.url));

/** A task and the job that cancels it, as two Workers run them: neither knows of the other. */
async function openFarm() {
  const folder = await mkdtemp(join(tmpdir(), "renderjuice-cancel-"));
  const sandbox = await createSandbox({ renderer: holdRenders().renderer });
  const [apiKey = ""] = sandbox.apiKeys;
  const env = { RENDERJUICE_API_KEY: apiKey, RENDERJUICE_API_URL: sandbox.url };
  const outDir = join(folder, "out");
  const start = async (command: string, request: object) => {
    const path = join(folder, `${command}.json`);
    await writeFile(path, JSON.stringify(request));
    return startBundle([command, path], env);
  };
  return {
    faults: sandbox.faults,
    run: () => start("run", { scene: SCENE, frames: "1-3", outDir, tag: "deadline-j1-0-1" }),
    cancel: (request: object = { outDir }) => start("cancel", { tagPrefix: "deadline-j1-", ...request }),
    async states(): Promise<string[]> {
      await using client = createNodeClient({ apiKey, baseUrl: sandbox.url, env: {} });
      return (await client.jobs.list()).jobs.map(({ status }) => status);
    },
    async [Symbol.asyncDispose]() {
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

describe("cancel", { concurrent: true }, () => {
  test("waits until a Worker that has not noticed yet is gone, and cancels what that had still started", async () => {
    await using farm = await openFarm();
    // The Worker gets no further than this until the cancel waits for it.
    farm.faults.add("rate-limit:1@startRender*all");
    const task = await farm.run();
    await task.seen(/RJ-STATUS: Uploading/);
    const cancel = await farm.cancel();
    await cancel.seen(/Waiting for the Worker to let go/);
    farm.faults.clear();
    await task.seen(/Render started/);
    task.process.kill("SIGKILL");
    expect(await cancel.outcome).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("1 render canceled"),
    });
    expect(await farm.states()).toEqual(["canceled"]);
  });

  test("finds a render by its tag alone, where the output folder is not to be seen", async () => {
    await using farm = await openFarm();
    const task = await farm.run();
    await task.seen(/Render started/);
    task.process.kill("SIGKILL");
    expect((await (await farm.cancel({})).outcome).exitCode).toBe(0);
    expect(await farm.states()).toEqual(["canceled"]);
  });

  test("says so when there is nothing to cancel", async () => {
    await using farm = await openFarm();
    const { exitCode, stdout } = await (await farm.cancel()).outcome;
    expect(stdout).toContain("Nothing was running");
    expect(exitCode).toBe(0);
  });
});

import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createSimulatedRenderer } from "../src/renderers/simulated/simulated-renderer.ts";
import { createTestClock, startSandbox } from "./with-sandbox.ts";

async function createFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "renderjuice-data-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

// Windows has no modes; it keeps the folders of a user private by itself.
describe.skipIf(process.platform === "win32")("the data folder is for its owner alone", () => {
  test("when it is made", async () => {
    const dataDir = join(await createFolder(), "new", "data");
    await using _ = await startSandbox({ dataDir });
    expect(await modeOf(dataDir)).toBe("700");
    for (const name of ["sandbox.sqlite", "sandbox.sqlite-wal", "api-key"])
      expect([name, await modeOf(join(dataDir, name))]).toEqual([name, "600"]);
  });

  test("when it was there, open to all", async () => {
    const dataDir = await createFolder();
    await chmod(dataDir, 0o755);
    for (const name of ["uploads", "jobs"]) await mkdir(join(dataDir, name), { mode: 0o755 });
    for (const name of ["sandbox.sqlite", "api-key"])
      await writeFile(join(dataDir, name), "", { mode: 0o644 });
    await using _ = await startSandbox({ dataDir });
    for (const name of ["sandbox.sqlite", "api-key"])
      expect([name, await modeOf(join(dataDir, name))]).toEqual([name, "600"]);
    for (const name of ["uploads", "jobs"])
      expect([name, await modeOf(join(dataDir, name))]).toEqual([name, "700"]);
  });
});

test("a data folder that cannot be made is named", async () => {
  const file = join(await createFolder(), "file");
  await writeFile(file, "");
  await expect(startSandbox({ dataDir: join(file, "data") })).rejects.toThrow(
    /data folder .*file.data cannot be used.*Choose a folder/,
  );
});

describe("nobody learns where the sandbox keeps its files", () => {
  /** Says where it works, as error messages do. */
  const talkative = {
    ...createSimulatedRenderer({ clock: createTestClock() }),
    analyze: async ({ scenePath, sceneDir }: { scenePath: string; sceneDir: string }) => ({
      ...(await createSimulatedRenderer({ clock: createTestClock() }).analyze({
        ...{ scenePath, sceneDir, workDir: "", signal: new AbortController().signal },
      })),
      warnings: [`${scenePath} is odd, and so is ${homedir()}/.config`],
      missingFiles: [`${homedir()}/wood.png`],
    }),
    render: async ({ outputDir }: { outputDir: string }) => {
      throw new Error(`ENOENT: no such file or directory, open '${outputDir}/frame.png'`);
    },
  };

  test("neither by an analysis nor by a failure; paths of the scene stay as it writes them", async () => {
    const dataDir = await createFolder();
    await using setup = await startSandbox({ dataDir, renderer: talkative });
    const { id } = await setup.api.createJob();
    await setup.api.validate(id);
    const { analysis } = await setup.api.reach(id, "validated");
    expect(analysis).toMatchObject({
      warnings: [expect.stringMatching(/^….jobs.*shot\.blend is odd, and so is ….\.config$/)],
      missingFiles: [`${homedir()}/wood.png`],
    });
    await setup.api.render(id);
    const { failedReason } = await setup.api.reach(id, "failed");
    expect(failedReason).toMatchObject({ name: expect.stringMatching(/ENOENT.*open '….jobs/) });
  });
});

import { chmod, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Settings } from "../../../hosts/deadline/farm.ts";
import { holdRenders } from "../../../hosts/lib/held-renders.ts";
import { findPython } from "../../../hosts/lib/pythons.ts";
import { takeTerminalPicture } from "../../../hosts/lib/terminal-picture.ts";
import { openStudio, type Studio, type StudioOptions } from "./studio.ts";

/** Of a task's log, to be looked at. */
const PICTURE = fileURLToPath(new URL("../test-output/task-log.png", import.meta.url));
const python = findPython("deadline");

describe.runIf(python)("the render plugin", { concurrent: true }, () => {
  const open = (options: Omit<StudioOptions, "python"> = {}) => openStudio({ python, ...options });

  test("shows status and progress, and registers what it has made", async () => {
    const { renderer, letGo } = holdRenders();
    await using studio = await open({ sandbox: { renderer } });
    const jobId = await submitRender(studio);
    const task = await studio.farm.runTask(jobId);
    await task.seen(/RJ-STATUS: Rendering: 0 of 3 frames/);
    letGo();
    const { lines, progress, statusMessages } = await task.outcome;
    const printed = lines.filter((line) => line.startsWith("STDOUT: ")).join("\n");
    await takeTerminalPicture(printed.replaceAll(studio.outDir, "/shows/juice/frames"), { file: PICTURE });
    expect(progress[0]).toBe(0);
    expect(progress.at(-1)).toBe(100);
    expect(statusMessages).toEqual(
      expect.arrayContaining(["Validating the scene", "Rendering: 0 of 3 frames", "3 files in place"]),
    );
    expect((await studio.farm.job(jobId)).JobOutputFileNames).toEqual([join(studio.outDir, "shot_####.png")]);
  });

  test("each chunk is a separate render: a frame-dependent comp starts with the first", async () => {
    await using studio = await open();
    const jobId = await submitRender(studio, { Frames: "1-6", ChunkSize: 3 }, { Frames: "1-6" });
    const comp = await studio.submitComp(jobId, { Frames: "1-6", IsFrameDependent: true });
    await (await studio.farm.runTask(jobId, { taskId: 0 })).outcome;
    await studio.farm.scanPending();
    const states = (await studio.farm.tasks(comp)).map(({ Status }) => Status);
    expect(states).toEqual(["Queued", "Queued", "Queued", "Pending", "Pending", "Pending"]);
    await (await studio.farm.runTask(jobId, { taskId: 1 })).outcome;
    expect(await framesIn(studio)).toHaveLength(6);
    expect(studio.sandbox.statistics.rendersStarted).toBe(2);
  });

  test.each(["1-9x4", "1-9step4", "9,1-5x4"])(
    "renders only the frames that the job has: %s",
    async (Frames) => {
      await using studio = await open();
      const jobId = await submitRender(studio, { Frames: "1-9", ChunkSize: 9 }, { Frames });
      await (await studio.farm.runTask(jobId, { taskId: 0 })).outcome;
      expect(await framesIn(studio)).toEqual(["shot_0001.png", "shot_0005.png", "shot_0009.png"]);
    },
  );

  test("a requeue of what is done pays nothing; another render number renders again", async () => {
    await using studio = await open();
    const jobId = await submitRender(studio);
    await (await studio.farm.runTask(jobId)).outcome;
    await studio.farm.act("requeue", jobId);
    await (await studio.farm.runTask(jobId)).outcome;
    expect(studio.sandbox.statistics.rendersStarted).toBe(1);
    const again = await submitRender(studio, {}, { RenderNumber: 2, Run: jobId });
    await (await studio.farm.runTask(again)).outcome;
    expect(studio.sandbox.statistics.rendersStarted).toBe(2);
  });

  test("finds the render on another Worker when the output folder's record is lost", async () => {
    await using studio = await open();
    const jobId = await submitRender(studio);
    await (await studio.farm.runTask(jobId)).outcome;
    await rm(studio.outDir, { recursive: true });
    await studio.farm.act("requeue", jobId);
    await (await studio.farm.runTask(jobId, { worker: "worker-2" })).outcome;
    expect(studio.sandbox.statistics.rendersStarted).toBe(1);
    expect(await framesIn(studio)).toHaveLength(3);
  });

  test("maps paths for the Worker", async () => {
    await using studio = await open();
    await studio.farm.mapPaths([
      { from: "X:\\projekt\\", to: `${studio.folder}/Prüfung 場面/` },
      { from: "\\\\server\\out\\", to: `${studio.outDir}/` },
    ]);
    const paths = { SceneFile: "X:\\projekt\\shot 010.blend", OutputDirectory: "\\\\server\\out\\" };
    const jobId = await submitRender(studio, {}, paths);
    expect((await (await studio.farm.runTask(jobId)).outcome).message).toBe("");
    expect(await framesIn(studio)).toHaveLength(3);
  });

  describe("what cannot get better fails the job once, and says what to do", () => {
    test.each<[string, Settings, Settings, RegExp]>([
      ["a key that is wrong", { ApiKey: "rj_wrong" }, {}, /Check the key in the Worker's environment/],
      ["a setting that does not exist", {}, { Settings: "resolutionPercent=50" }, /resolutionPercentage/],
      ["no output", {}, { OutputDirectory: "" }, /has no OutputDirectory/],
      ["frames that are none", {}, { Frames: "1-3 odd" }, /"odd" is not a frame/],
      [
        "frames that the task has none of: not taken for the scene's whole range",
        {},
        { Frames: "11-13" },
        /The task has frames 1-3, but Frames in the job's plugin info is 11-13: .*job's properties/,
      ],
    ])("%s", async (_, settings, pluginInfo, message) => {
      await using studio = await open();
      await studio.farm.configurePlugin("Renderjuice", settings);
      const jobId = await submitRender(studio, {}, pluginInfo);
      const outcome = await (await studio.farm.runTask(jobId)).outcome;
      expect(outcome).toMatchObject({ status: "errored", message: expect.stringMatching(message) });
      expect(await studio.farm.job(jobId)).toMatchObject({ JobStatus: "Failed" });
      expect(studio.sandbox.statistics.rendersStarted).toBe(0);
    });
  });

  describe("what only this Worker lacks leaves the job to others, and says which Worker and what to do", () => {
    test.each<[string, (studio: Studio) => Settings | Promise<Settings>, Settings, RegExp]>([
      ["no key", () => ({ ApiKey: "" }), {}, /Set RENDERJUICE_API_KEY or RENDERJUICE_API_KEY_FILE/],
      [
        "a key file that is not there",
        () => ({ ApiKeyFile: "/nowhere/key" }),
        {},
        /The API key file \/nowhere\/key .* Put the key into that file/,
      ],
      [
        "no Node",
        () => ({ NodeExecutable: ["/nowhere/node"] }),
        {},
        /Node was not found.*Searched: \/nowhere\/node/,
      ],
      [
        "an old Node",
        async (studio) => ({ NodeExecutable: [await installOldNode(studio)] }),
        {},
        /is Node 20\.19\.0; Renderjuice needs 22\.19 or later\. Install it/,
      ],
      [
        "a scene that it does not see",
        () => ({}),
        { SceneFile: "/nowhere/a.blend" },
        /The file \/nowhere\/a\.blend does not exist\. Check that this Worker sees the file/,
      ],
      [
        "an output folder that it cannot make",
        () => ({}),
        { OutputDirectory: "/dev/null/frames" },
        /\/dev\/null.*Check that the share is mounted/,
      ],
    ])("%s", async (_, settings, pluginInfo, message) => {
      await using studio = await open();
      await studio.farm.configurePlugin("Renderjuice", await settings(studio));
      const jobId = await submitRender(studio, {}, pluginInfo);
      const outcome = await (await studio.farm.runTask(jobId)).outcome;
      expect(outcome).toMatchObject({ status: "errored", message: expect.stringMatching(message) });
      expect(outcome.message).toContain(`On ${hostname()}. The task is queued again`);
      expect(await studio.farm.job(jobId)).toMatchObject({ JobStatus: "Active", JobErrors: 1 });
    });

    test("another Worker, which has it, renders", async () => {
      await using studio = await open();
      await studio.farm.configurePlugin("Renderjuice", { ApiKey: "" });
      const jobId = await submitRender(studio);
      await (await studio.farm.runTask(jobId, { worker: "worker-1" })).outcome;
      const env = { RENDERJUICE_API_KEY: studio.apiKey };
      const second = await studio.farm.runTask(jobId, { worker: "worker-2", env });
      expect((await second.outcome).status).toBe("completed");
    });
  });

  test("a lock that is lost, as by a machine that was asleep, costs an attempt and no render", async () => {
    const { renderer, letGo } = holdRenders();
    await using studio = await open({ sandbox: { renderer }, events: { HandOverOnSubmit: true } });
    const original = await studio.submitBlender();
    const helperId = (await studio.helperOf(original))?.JobId ?? "";
    const first = await studio.farm.runTask(helperId);
    await first.seen(/Render started/);
    await touchLocks(studio);
    expect(await first.outcome).toMatchObject({
      status: "errored",
      message: expect.stringMatching(/This process lost its lock.*Nothing is lost/),
    });
    expect(await studio.farm.job(helperId)).toMatchObject({ JobStatus: "Active" });
    expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Suspended" });
    expect(await studio.cancelers()).toEqual([]);

    letGo();
    const second = await studio.farm.runTask(helperId, { worker: "worker-2" });
    expect((await second.outcome).status).toBe("completed");
    expect(studio.sandbox.statistics.rendersStarted).toBe(1);
    expect(await studio.farm.job(original)).toMatchObject({ JobStatus: "Completed" });
  });

  test("what may get better is queued again, and goes on where it was", async () => {
    await using studio = await open();
    await studio.farm.configurePlugin("Renderjuice", { ApiUrl: "http://127.0.0.1:9" });
    const jobId = await submitRender(studio);
    const outcome = await (await studio.farm.runTask(jobId)).outcome;
    expect(outcome).toMatchObject({
      status: "errored",
      message: expect.stringContaining("The task is queued again"),
    });
    expect(await studio.farm.job(jobId)).toMatchObject({ JobStatus: "Active" });
    await studio.farm.configurePlugin("Renderjuice", { ApiUrl: studio.sandbox.url });
    expect((await (await studio.farm.runTask(jobId)).outcome).status).toBe("completed");
  });

  describe("the key", () => {
    test("comes from the Worker's environment before the plugin's field", async () => {
      await using studio = await open();
      await studio.farm.configurePlugin("Renderjuice", { ApiKey: "rj_of_the_field" });
      const jobId = await submitRender(studio);
      const task = await studio.farm.runTask(jobId, { env: { RENDERJUICE_API_KEY: studio.apiKey } });
      expect((await task.outcome).status).toBe("completed");
    });

    test("then from a file that others cannot read, before the plugin's field", async () => {
      await using studio = await open();
      const file = join(studio.folder, "key");
      await writeFile(file, studio.apiKey);
      await chmod(file, 0o600);
      await studio.farm.configurePlugin("Renderjuice", { ApiKey: "rj_of_the_field", ApiKeyFile: file });
      const jobId = await submitRender(studio);
      expect((await (await studio.farm.runTask(jobId)).outcome).status).toBe("completed");
    });

    test("is in no log, no job, no request file and nothing in the output folder", async () => {
      await using studio = await open({ events: { HandOverOnSubmit: true } });
      const original = await studio.submitBlender();
      const helperId = (await studio.helperOf(original))?.JobId ?? "";
      const { lines } = await (await studio.farm.runTask(helperId)).outcome;
      const written = await readAll(studio.outDir);
      const logs = await readAll(join(studio.farm.path, "logs"));
      const left = await readAll(join(studio.farm.path, "workers"));
      const jobs = JSON.stringify(await studio.farm.jobs());
      const seen = [lines.join("\n"), jobs, written, logs, left].join("\n");
      expect(seen).toContain(helperId);
      expect(seen).toContain("Setting Process Environment Variable RENDERJUICE_API_KEY_FILE");
      expect(seen).not.toContain(studio.apiKey);
    });
  });

  test("Node gets nothing that was meant for Deadline's Python", async () => {
    await using studio = await open();
    const jobId = await submitRender(studio);
    const env = { NODE_OPTIONS: "--no-such-option", LD_LIBRARY_PATH: "/opt/Thinkbox/lib" };
    expect(await (await studio.farm.runTask(jobId, { env })).outcome).toMatchObject({ message: "" });
  });
});

/** Submits a cloud render without an original. */
async function submitRender(
  studio: Studio,
  jobInfo: Settings = {},
  pluginInfo: Settings = {},
): Promise<string> {
  const { jobId, stdout } = await studio.farm.submit({
    jobInfo: { Plugin: "Renderjuice", Name: "cloud", Frames: "1-3", ChunkSize: 3, ...flat(jobInfo) },
    pluginInfo: {
      SceneFile: studio.scene,
      OutputDirectory: studio.outDir,
      OutputPattern: "shot_####",
      Frames: "1-3",
      ...flat(pluginInfo),
    },
  });
  if (!jobId) throw new Error(stdout);
  return jobId;
}

/** As after another Worker took the locks over; old, so that nobody waits for them. */
async function touchLocks({ outDir }: Studio): Promise<void> {
  const records = join(outDir, ".renderjuice");
  const locks = (await readdir(records)).filter((name) => name.endsWith(".lock"));
  expect(locks).toHaveLength(1);
  for (const lock of locks) await utimes(join(records, lock), new Date(0), new Date(0));
}

/** @returns the path of a Node that says that it is of 2025 */
async function installOldNode({ folder }: Studio): Promise<string> {
  const [node, pretence] = [join(folder, "old node"), join(folder, "old-node.cjs")];
  await writeFile(
    pretence,
    'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.19.0" } });',
  );
  await writeFile(node, `#!/bin/sh\nexec '${process.execPath}' --require '${pretence}' "$@"\n`);
  await chmod(node, 0o755);
  return node;
}

function flat(settings: Settings): Record<string, string | number | boolean> {
  return settings as Record<string, string | number | boolean>;
}

async function framesIn({ outDir }: Studio): Promise<string[]> {
  return (await readdir(outDir)).filter((name) => !name.startsWith("."));
}

async function readAll(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return (await Promise.all(files.map((file) => readFile(file, "latin1")))).join("\n");
}

import { execFile } from "node:child_process";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { findPython, findPythons } from "../../../hosts/lib/pythons.ts";
import { openStudio, type Studio } from "./studio.ts";

const python = findPython("deadline");

/** Calls `submit_to_renderjuice` as a studio's own tool does, with arguments as JSON. */
async function submit(
  studio: Studio,
  interpreter: string,
  options: Record<string, unknown>,
  deadlinePath = join(studio.farm.path, "bin"),
): Promise<string> {
  const code = `
import json, sys
sys.path.insert(0, sys.argv[1])
from renderjuice_deadline import SubmissionError, submit_to_renderjuice
try:
    print(submit_to_renderjuice(**json.loads(sys.argv[2])))
except SubmissionError as error:
    sys.exit("REFUSED: %s" % error)
`;
  const module = join(studio.repository, "custom/submission/Renderjuice/Main");
  const { stdout } = await promisify(execFile)(interpreter, ["-c", code, module, JSON.stringify(options)], {
    env: { PATH: process.env.PATH, DEADLINE_PATH: deadlinePath, PYTHONDONTWRITEBYTECODE: "1" },
  });
  return stdout.trim();
}

describe.each(findPythons("deadline"))(
  "submit_to_renderjuice under Python $version",
  { concurrent: true },
  ({ executable: path }) => {
    test("submits a render that a Worker carries out, whatever it is called", async () => {
      await using studio = await openStudio({ python: path });
      const jobId = await submit(studio, path, {
        scene: studio.scene,
        output: join(studio.outDir, "bild_####"),
        frames: "1-5x2",
        name: "Größe 場面; v2",
        settings: { resolutionPercentage: 50, notes: "a; b" },
      });
      expect(await studio.farm.job(jobId)).toMatchObject({ JobName: "Größe 場面; v2", JobStatus: "Active" });
      expect((await (await studio.farm.runTask(jobId)).outcome).message).toBe("");
      expect(studio.sandbox.statistics.rendersStarted).toBe(1);
      expect(await studio.farm.job(jobId)).toMatchObject({
        JobStatus: "Completed",
        JobOutputFileNames: [join(studio.outDir, "bild_####.png")],
      });
    });
  },
);

describe.runIf(python)("submit_to_renderjuice", { concurrent: true }, () => {
  const open = () => openStudio({ python });

  test("waits for other jobs, makes chunks, and submits the scene with the job", async () => {
    await using studio = await open();
    const first = await studio.submitBlender();
    const jobId = await submit(studio, python, {
      scene: studio.scene,
      output: join(studio.outDir, "shot_####"),
      frames: "1-6",
      frames_per_task: 3,
      depends_on: [first],
      submit_scene: true,
    });
    expect(await studio.farm.job(jobId)).toMatchObject({
      JobStatus: "Pending",
      JobDependencyIDs: [first],
      AuxiliaryFiles: ["shot 010.blend"],
    });
    expect(await studio.farm.tasks(jobId)).toHaveLength(2);
  });

  test("its job is canceled in the cloud when it is suspended, like one of the event plugin", async () => {
    await using studio = await open();
    const output = join(studio.outDir, "shot_####");
    const jobId = await submit(studio, python, { scene: studio.scene, output, frames: "1" });
    await studio.farm.act("suspend", jobId);
    const [canceler] = await studio.cancelers();
    expect(canceler?.PluginInfo.Run).toBe(jobId);
  });

  test("a program that deadlinecommand leaves running does not hold it up", async () => {
    await using studio = await open();
    const bin = join(studio.folder, "bin");
    const pidFile = join(bin, "pid");
    await mkdir(bin);
    const lines = ["#!/bin/sh", "sleep 600 &", `echo $! > '${pidFile}'`];
    const script = [...lines, `exec '${join(studio.farm.path, "bin/deadlinecommand")}' "$@"\n`].join("\n");
    await writeFile(join(bin, "deadlinecommand"), script);
    await chmod(join(bin, "deadlinecommand"), 0o755);
    const options = { scene: studio.scene, output: join(studio.outDir, "shot_####"), frames: "1" };
    try {
      const jobId = await submit(studio, python, options, bin);
      expect(await studio.farm.jobs()).toMatchObject([{ JobId: jobId }]);
    } finally {
      process.kill(Number(await readFile(pidFile, "utf8")));
    }
  });

  test("a job of which deadlinecommand does not say the id may be there: look before you submit again", async () => {
    await using studio = await open();
    await studio.farm.setDeadlineCommand({ mode: "no-id" });
    const options = { scene: studio.scene, output: join(studio.outDir, "shot_####"), frames: "1" };
    await expect(submit(studio, python, options)).rejects.toMatchObject({
      stderr: expect.stringContaining("Check in the Monitor whether the job exists"),
    });
  });

  test.each([
    [{ frames: "one" }, /is not a list of frames/],
    [{ output: "shot_####" }, /has no folder/],
    [{ scene: "/nowhere/a.blend", submit_scene: true }, /does not exist/],
  ])("%o is refused with what to do", async (wrong, message) => {
    await using studio = await open();
    const right = { scene: studio.scene, output: join(studio.outDir, "shot_####"), frames: "1" };
    await expect(submit(studio, python, { ...right, ...wrong })).rejects.toMatchObject({
      stderr: expect.stringMatching(message),
    });
    expect(await studio.farm.jobs()).toEqual([]);
  });
});

describe.runIf(python)("the Monitor's submission dialog", () => {
  /** Fills the dialog in and presses Submit. @returns the messages that it shows */
  async function press(
    studio: Studio,
    values: Record<string, unknown>,
  ): Promise<{ title: string; text: string }[]> {
    const { stdout } = await promisify(execFile)(
      python,
      [
        fileURLToPath(new URL("submission-dialog.py", import.meta.url)),
        join(studio.repository, "custom/scripts/Submission/RenderjuiceSubmission.py"),
        studio.repository,
        JSON.stringify({ ChunkBox: 0, PriorityBox: 50, WithSceneBox: false, ...values }),
      ],
      {
        env: {
          PATH: process.env.PATH,
          DEADLINE_PATH: join(studio.farm.path, "bin"),
          PYTHONDONTWRITEBYTECODE: "1",
        },
      },
    );
    return JSON.parse(stdout);
  }

  test("submits what was filled in, and says as which job", async () => {
    await using studio = await openStudio({ python });
    const values = { SceneBox: studio.scene, OutputBox: join(studio.outDir, "shot_####"), FramesBox: "1-3" };
    const [message] = await press(studio, values);
    const [job] = await studio.farm.jobs();
    expect(message).toEqual({ title: "Submitted", text: `Submitted as job ${job?.JobId}.` });
    expect(job).toMatchObject({ JobPlugin: "Renderjuice", JobName: "shot 010", JobPriority: 50 });
  });

  test("says what is wrong with what was filled in", async () => {
    await using studio = await openStudio({ python });
    const [message] = await press(studio, { SceneBox: studio.scene, OutputBox: "shot_", FramesBox: "1" });
    expect(message).toMatchObject({
      title: "Not Submitted",
      text: expect.stringContaining("has no folder"),
    });
  });
});

import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PNG } from "pngjs";
import { describe, expect, test } from "vitest";
import { hasBlender } from "../../../hosts/lib/test-programs.ts";
import { DEMO_SCENE, sampleScene } from "./scenes.ts";
import { readEvents, startSandbox } from "./with-cli.ts";

const bmw = sampleScene("bmw27_cpu.blend");

/** Decodes the whole image; throws if it is broken. */
async function readPng(path: string) {
  const { width, height, data } = PNG.sync.read(await readFile(path));
  const colors = new Set<number>();
  for (let index = 0; index < data.length; index += 4) colors.add(data.readUInt32BE(index));
  return { width, height, colors: colors.size };
}

describe.skipIf(!(await hasBlender()))("submit to a sandbox with real Blender", () => {
  test.skipIf(!bmw)("renders the requested frames, size and samples", async () => {
    await using setup = await startSandbox({ renderer: "blender" });
    const out = join(setup.folder, "OUT");
    const settings = ["--set", "resolutionPercentage=50", "--set", "sampleCount=8"];
    const { exitCode, stdout } = await setup.run(
      "submit",
      bmw ?? "",
      "--frames",
      "1-2",
      ...settings,
      "--out",
      out,
    );
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`2 files in ${out}\n`);
    const frames = (await readdir(out)).filter((name) => !name.startsWith("."));
    expect(frames).toEqual(["bmw27_cpu_0001.png", "bmw27_cpu_0002.png"]);
    for (const frame of frames) {
      // A picture, not an empty frame. The scene is 480 x 270.
      const image = await readPng(join(out, frame));
      expect(image).toMatchObject({ width: 240, height: 135 });
      expect(image.colors).toBeGreaterThan(1000);
    }
    expect(setup.sandbox.statistics).toMatchObject({ jobsCreated: 1, rendersStarted: 1 });
  });

  test("works step by step, one command each", async () => {
    await using setup = await startSandbox({ renderer: "blender" });
    const out = join(setup.folder, "frames");
    const json = async (...args: string[]) => {
      const { exitCode, stdout, stderr } = await setup.run("--json", ...args);
      expect(exitCode, stderr).toBe(0);
      return readEvents(stdout).at(-1);
    };

    expect(await json("preflight", DEMO_SCENE)).toMatchObject({ isOk: true });
    const validated = await json("validate", DEMO_SCENE);
    expect(validated).toMatchObject({
      reached: "validated",
      analysis: { renderEngine: "CYCLES", frameEnd: 8 },
    });
    const job = String(validated?.jobId);
    expect(
      await json("render", job, "--frames", "1,8", "--set", "resolutionPercentage=20", "--no-wait"),
    ).toMatchObject({
      reached: "started",
    });
    expect(await json("wait", job, "--timeout", "5m")).toMatchObject({ status: "completed" });
    expect(await json("status", job)).toMatchObject({ job: { id: job, status: "completed" } });
    expect(await json("list", "--status", "completed")).toMatchObject({ jobs: [{ id: job }] });
    expect(await json("download", job, "--out", out)).toMatchObject({ downloads: { missingFrames: [] } });
    expect(await readPng(join(out, "orange-juice_0008.png"))).toMatchObject({ width: 96, height: 54 });
    expect(await json("cancel", job)).toMatchObject({ status: "completed" });
  });

  test("says why the scene failed", async () => {
    await using setup = await startSandbox({ renderer: "blender" });
    const scene = join(setup.folder, "broken.blend");
    await writeFile(scene, `BLENDER-v304${"\0".repeat(4096)}ENDB`);
    const { exitCode, stdout } = await setup.run("--json", "submit", scene);
    expect(exitCode).toBe(6);
    expect(readEvents(stdout).at(-1)).toMatchObject({
      type: "error",
      code: "job_failed",
      message: expect.stringContaining("Blender cannot read the scene"),
      hint: expect.stringMatching(/\w{3}/),
    });
    expect(setup.sandbox.statistics.rendersStarted).toBe(0);
  });
});

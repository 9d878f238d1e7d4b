import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PNG } from "pngjs";
import { expect, test } from "vitest";
import { DEMO_SCENE } from "./scenes.ts";
import { readEvents, startSandbox } from "./with-cli.ts";

/** A scene with nearly every kind of external file, none of which is there. */
const FULL_SCENE = fileURLToPath(new URL("../../core/test/blend/fixtures/4.3.blend", import.meta.url));

test("a scene is shown as a page, without a key and without Blender", async () => {
  await using setup = await startSandbox();
  const { exitCode, stdout, stderr } = await setup.run("inspect", DEMO_SCENE);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toContain("Blender 3.4, zstd");
  expect(stdout).toMatch(/engine {2}CYCLES, 8 samples\n {2}frames {2}1-8, 12 fps\n {2}size {4}480x270\n/);
  expect(stdout).toContain("No files outside.");
  expect(setup.sandbox.statistics.requests).toEqual({});
});

test("every file outside is listed, with who uses it and whether it is there", async () => {
  await using setup = await startSandbox();
  const { stdout } = await setup.run("inspect", FULL_SCENE);
  expect(stdout).toMatch(/^\d+ files: \d+ packed, \d+ missing$/m);
  expect(stdout).toMatch(/^ {2}✖ image +\/\/assets\/brick\.png {2}image "Brick": missing$/m);
  expect(stdout).toMatch(/^ {2}◆ image +\/\/assets\/texture\.png {2}image "Packed": packed$/m);
});

test("programs get all of it as one event, and the picture as a file", async () => {
  await using setup = await startSandbox();
  const picture = join(setup.folder, "scene.png");
  const { stdout } = await setup.run("--json", "inspect", FULL_SCENE, "--thumbnail", picture);
  const [result] = readEvents(
    stdout
      .split("\n")
      .filter((line) => line.includes('"result"'))
      .join("\n"),
  );
  expect(result).toMatchObject({
    type: "result",
    scene: { version: { major: 4, minor: 3 }, activeScene: expect.any(String) },
    files: expect.arrayContaining([expect.objectContaining({ kind: "image", path: "//assets/brick.png" })]),
  });
  const { thumbnail } = (result as unknown as { scene: { thumbnail?: { width: number } } }).scene;
  if (thumbnail) expect(PNG.sync.read(await readFile(picture)).width).toBe(thumbnail.width);
});

test("the picture does not replace the scene", async () => {
  await using setup = await startSandbox();
  const scene = join(setup.folder, "shot.blend");
  await copyFile(DEMO_SCENE, scene);
  const { exitCode, stderr } = await setup.run("inspect", scene, "--thumbnail", scene);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: expect.stringContaining("is not the name of a PNG"),
  });
  expect(await readFile(scene)).toEqual(await readFile(DEMO_SCENE));
});

test("a file that is not a scene is refused, with what to do", async () => {
  await using setup = await startSandbox();
  const { exitCode, stderr } = await setup.run("inspect", import.meta.filename);
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain("is not a Blender scene");
});

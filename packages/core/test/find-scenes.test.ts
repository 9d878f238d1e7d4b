import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findScenes } from "../src/node/adapter.ts";

const CWD = "(the folder itself)";
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "renderjuice-scenes-"));
  for (const name of [
    "shots/sh010/sh010.blend",
    "shots/sh010/wood.png",
    "shots/sh020/sh020.BLEND",
    "shots/sh020/old.zip",
    "shot[1].blend",
    "notes.txt",
    "same.blend",
    "same.zip",
    "Same/x.blend",
  ]) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), "");
  }
});
afterAll(() => rm(folder, { recursive: true }));

describe("findScenes", () => {
  test.each([
    ["a file", ["shots/sh010/sh010.blend"], ["shots/sh010/sh010.blend"]],
    ["a folder, as one scene", ["shots/sh010/"], ["shots/sh010"]],
    ["a name with brackets, as it stands", ["shot[1].blend"], ["shot[1].blend"]],
    [
      "a pattern, for scenes only",
      ["shots/**"],
      ["shots/sh010/sh010.blend", "shots/sh020/old.zip", "shots/sh020/sh020.BLEND"],
    ],
    [
      "what a ! leaves out",
      ["shots/**", "!**/old.zip"],
      ["shots/sh010/sh010.blend", "shots/sh020/sh020.BLEND"],
    ],
    ["each once", ["shots/**/*.blend", "shots/sh010/sh010.blend"], ["shots/sh010/sh010.blend"]],
  ])("takes %s", async (_what, patterns, expected) => {
    expect((await findScenes(patterns, folder)).map(({ path }) => path)).toEqual(expected);
  });

  test("takes a scene once that links show under several names", async () => {
    const project = join(folder, "linked");
    await mkdir(join(project, "sh010"), { recursive: true });
    await writeFile(join(project, "sh010/v2.blend"), "");
    await symlink("v2.blend", join(project, "sh010/latest.blend"));
    await symlink("..", join(project, "sh010/up"));
    const found = await findScenes(["**/*.blend", "sh010/latest.blend"], project);
    expect(found.map(({ path }) => path)).toEqual(["sh010/v2.blend"]);
    await rm(project, { recursive: true });
  });

  test("names what finds nothing", async () => {
    await expect(findScenes(["shots/*.blend", "sh030.blend", "notes.txt"], folder)).rejects.toMatchObject({
      message: 'No .blend or .zip matches "shots/*.blend". "sh030.blend" does not exist.',
    });
  });

  test("says what a backslash does", async () => {
    await expect(findScenes(["shots\\**\\*.blend"], folder)).rejects.toMatchObject({
      hint: "Use / between folders, on Windows too: shots/**/*.blend",
    });
  });

  test("keeps the whole path of what lies elsewhere", async () => {
    const path = join(folder, "shots/sh010/sh010.blend");
    expect(await findScenes([path], join(folder, "other"))).toEqual([{ path, folder: "" }]);
  });

  test.each([
    ["alone needs no folder", ["shots/sh010/sh010.blend"], [""]],
    [
      "found by a pattern has one, also when it is the only one",
      ["shots/sh010/*.blend"],
      ["shots/sh010/sh010"],
    ],
    ["of several has one each", ["shots/sh010", "shot[1].blend"], ["shot[1]", "shots/sh010"]],
    [
      "with a name that another has too keeps its extension",
      ["same.blend", "same.zip", "Same"],
      ["Same", "same.blend", "same.zip"],
    ],
    ["that is this folder is named after it", [".", "shot[1].blend"], [CWD, "shot[1]"]],
  ])("a scene %s", async (_what, patterns, expected) => {
    const found = await findScenes(patterns, folder);
    expect(found.map((scene) => scene.folder)).toEqual(
      expected.map((name) => (name === CWD ? basename(folder) : name)),
    );
  });

  test("scenes that lie elsewhere have their whole path as folder", async () => {
    const paths = [join(folder, "same.blend"), join(folder, "same.zip")];
    const found = await findScenes(paths, join(folder, "other"));
    expect(found.map((scene) => scene.folder)).toEqual(paths.map((path) => path.slice(1)));
  });
});

import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ExternalFile } from "../src/index.ts";
import { expectedFiles } from "../src/node/blend/expected-files.ts";
import { Folders } from "../src/node/blend/resolve-path.ts";
import { filesBeside, readSceneOnDisk } from "../src/node/blend/scene-on-disk.ts";
import { findDependencies } from "../src/node/index.ts";
import { preflight } from "../src/scene/preflight/index.ts";
import { SMALL_SCENE, STRUCTS } from "./blend/small-scene.ts";
import { type Block, writeBlend } from "./blend/write-blend.ts";

const FILE = 1;
const SEQUENCE = 2;

let nextAddress = 0x9000;
const image = (path: string, source = FILE): Block => ({
  code: "IM",
  address: nextAddress++,
  struct: "Image",
  values: { "id.name": "IMWood", name: path, source },
});
const library = (path: string): Block => ({
  code: "LI",
  address: nextAddress++,
  struct: "Library",
  values: { "id.name": "LIlib", name: path },
});

/** The scene without the texture that it brings along. */
const SCENE = SMALL_SCENE.filter(({ code }) => code !== "IM");
const blend = (...blocks: Block[]) => writeBlend(STRUCTS, [...SCENE, ...blocks]);

/** A project folder with these files; a scene is given by its blocks. */
async function project(files: Record<string, Block[] | string>) {
  const folder = await mkdtemp(join(tmpdir(), "renderjuice-scene-"));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), typeof content === "string" ? content : blend(...content));
  }
  return {
    path: (name: string) => join(folder, name),
    find: () => findDependencies(join(folder, "shots/shot.blend")),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

describe("a file that a scene refers to", () => {
  test("is found relative to the scene, with the slashes of Windows too", async () => {
    await using setup = await project({
      "shots/shot.blend": [image("//../tex/wood.png"), image("//..\\tex\\wood.png")],
      "tex/wood.png": "wood",
    });
    const { dependencies } = await setup.find();
    expect(dependencies).toMatchObject([
      { found: [setup.path("tex/wood.png")], missing: [] },
      { found: [setup.path("tex/wood.png")], missing: [] },
    ]);
  });

  test("is missing where nothing is, with the name that differs only in case", async () => {
    await using setup = await project({
      "shots/shot.blend": [image("//Wood.png"), image("//stone.png"), image("C:\\tex\\brick.png")],
      "shots/wood.PNG": "wood",
    });
    const { dependencies } = await setup.find();
    expect(dependencies).toMatchObject([
      { missing: [setup.path("shots/Wood.png")], otherCase: "wood.PNG" },
      { missing: [setup.path("shots/stone.png")], otherCase: undefined },
      { missing: ["C:\\tex\\brick.png"], isForeign: true },
    ]);
  });

  test("may be one of a sequence, all of which counts", async () => {
    await using setup = await project({
      "shots/shot.blend": [image("//plate_v2_0001.exr", SEQUENCE)],
      "shots/plate_v2_0001.exr": "1",
      "shots/plate_v2_0002.exr": "2",
      "shots/plate_v3_0001.exr": "another version",
      "shots/plate_v2_0001.png": "another format",
    });
    const { dependencies } = await setup.find();
    expect(dependencies[0]?.found).toEqual([
      setup.path("shots/plate_v2_0001.exr"),
      setup.path("shots/plate_v2_0002.exr"),
    ]);
  });
});

describe("a library", () => {
  test("brings its own files along, relative to itself, also those of its libraries", async () => {
    await using setup = await project({
      "shots/shot.blend": [library("//../lib/hero.blend")],
      "lib/hero.blend": [image("//skin.png"), library("//parts/eye.blend")],
      "lib/parts/eye.blend": [image("//iris.png")],
      "lib/skin.png": "skin",
    });
    const { dependencies } = await setup.find();
    const paths = dependencies.map(({ path, usedBy, missing }) => ({
      path,
      usedBy,
      missing: missing.length,
    }));
    expect(paths).toEqual([
      { path: "//../lib/hero.blend", usedBy: setup.path("shots/shot.blend"), missing: 0 },
      { path: "//parts/eye.blend", usedBy: setup.path("lib/hero.blend"), missing: 0 },
      { path: "//skin.png", usedBy: setup.path("lib/hero.blend"), missing: 0 },
      { path: "//iris.png", usedBy: setup.path("lib/parts/eye.blend"), missing: 1 },
    ]);
  });

  test("is read once, however often it is linked, also in a circle", async () => {
    await using setup = await project({
      "shots/shot.blend": [library("//a.blend"), library("//a.blend")],
      "shots/a.blend": [library("//b.blend")],
      "shots/b.blend": [library("//a.blend"), library("//shot.blend")],
    });
    const { dependencies } = await setup.find();
    expect(dependencies).toHaveLength(5);
  });

  test("that cannot be read is a problem of its reference, not of the scene", async () => {
    await using setup = await project({
      "shots/shot.blend": [library("//a.blend")],
      "shots/a.blend": "version https://git-lfs.github.com/spec/v1",
    });
    const { dependencies } = await setup.find();
    expect(dependencies).toMatchObject([
      { path: "//a.blend", problem: expect.stringContaining("is not a Blender scene") },
    ]);
  });
});

test("a scene that is not one is refused", async () => {
  await using setup = await project({ "shots/shot.blend": "nothing" });
  await expect(setup.find()).rejects.toMatchObject({ name: "BlendFileError" });
});

describe("what a scene brings along", () => {
  async function brought(
    files: Record<string, Block[] | string>,
    prepare?: (folder: string) => Promise<unknown>,
  ) {
    await using setup = await project(files);
    const root = setup.path("");
    await prepare?.(root);
    return (await filesBeside(setup.path("shots/shot.blend"))).map((file) => file.slice(root.length + 1));
  }

  test("is what it and its libraries refer to by relative paths", async () => {
    const files = {
      "shots/shot.blend": [image("//../tex/wood.png"), library("//../lib/hero.blend")],
      "tex/wood.png": "wood",
      "lib/hero.blend": [image("//skin.png")],
      "lib/skin.png": "skin",
    };
    expect(await brought(files)).toEqual(["lib/hero.blend", "tex/wood.png", "lib/skin.png"]);
  });

  test.each<[string, string]>([
    ["a file of the system", "//../../../../../../../../../../etc/passwd"],
    ["something that scenes do not consist of", "//notes.txt"],
    ["the folder of the scene", "//"],
    ["a folder above it", "//../"],
    ["a folder in the place of an image", "//maps"],
    ["a link that leads nowhere", "//nowhere.png"],
    ["a link to a secret", "//secret.png"],
    ["a pipe", "//pipe.png"],
  ])("is never %s", async (_what, path) => {
    const files = { "shots/shot.blend": [image(path)], "shots/notes.txt": "n", "shots/maps/a.png": "a" };
    const names = await brought(files, async (folder) => {
      await symlink("/nowhere", join(folder, "shots/nowhere.png"));
      await mkdir(join(folder, ".aws"));
      await writeFile(join(folder, ".aws/credentials"), "secret");
      await symlink(join(folder, ".aws/credentials"), join(folder, "shots/secret.png"));
      execFileSync("mkfifo", [join(folder, "shots/pipe.png")]);
    });
    expect(names).toEqual([]);
  });

  test("is not a library that cannot be read, one with the scene's own name, or what only those use", async () => {
    const files = {
      "shots/shot.blend": [
        library("//bad.blend"),
        library("//lib/shot.blend"),
        library("/elsewhere/lib.blend"),
      ],
      "shots/bad.blend": "nothing",
      "shots/lib/shot.blend": [image("//skin.png")],
      "shots/lib/skin.png": "skin",
    };
    expect(await brought(files)).toEqual([]);
  });
});

test("a library that is a pipe is a problem of its reference, and does not wait for a writer", async () => {
  await using setup = await project({ "shots/shot.blend": [library("//pipe.blend")] });
  execFileSync("mkfifo", [setup.path("shots/pipe.blend")]);
  const { dependencies } = await setup.find();
  expect(dependencies).toMatchObject([{ missing: [setup.path("shots/pipe.blend")] }]);
  await expect(findDependencies(setup.path("shots/pipe.blend"))).rejects.toThrow("a pipe, socket or device");
});

test("the images of a strip lie beside the first one; the number of a sequence is not that of .jp2", async () => {
  await using setup = await project({ "a_0001.jp2": "1", "a_0002.jp2": "2" });
  const reference = {
    names: ["a_0001.jp2", "a_0002.jp2"],
    tiles: [],
    frames: undefined,
  } as never as ExternalFile;
  const both = { found: [setup.path("a_0001.jp2"), setup.path("a_0002.jp2")], missing: [] };
  for (const extent of ["list", "sequence"] as const)
    expect(await expectedFiles({ ...reference, extent }, setup.path("a_0001.jp2"), new Folders())).toEqual(
      both,
    );
});

describe("preflight", () => {
  async function check(files: Record<string, Block[] | string>, sent: readonly string[]) {
    await using setup = await project(files);
    const path = setup.path("shots/shot.blend");
    const facts = await readSceneOnDisk(path, [path, ...sent.map(setup.path)]);
    const { issues } = preflight({ fileName: "shot.blend", fileType: "blend", sizeBytes: 1000, ...facts });
    return issues.map(({ severity, ruleId, message }) => `${severity} ${ruleId}: ${message}`);
  }

  test("names the datablock that uses a missing file", async () => {
    expect(await check({ "shots/shot.blend": [image("//wood.png")] }, [])).toContainEqual(
      expect.stringMatching(
        /^warning missing-file: image "Wood" uses \/\/wood\.png, which does not exist\.$/,
      ),
    );
  });

  test("lists files that exist but are not sent, and leaves out those that are", async () => {
    const files = {
      "shots/shot.blend": [image("//wood.png"), image("//stone.png")],
      "shots/wood.png": "wood",
      "shots/stone.png": "stone",
    };
    const issues = await check(files, ["shots/stone.png"]);
    expect(issues.filter((issue) => issue.includes("file-not-sent"))).toEqual([
      'warning file-not-sent: The scene uses files that are neither in the .blend nor sent with it: //wood.png (image "Wood").',
    ]);
  });

  test("does not take a whole project along because a scene refers to its own folder", async () => {
    await using setup = await project({
      "shots/shot.blend": [image("//wood.png"), image("//")],
      "shots/wood.png": "wood",
    });
    const path = setup.path("shots/shot.blend");
    expect(await filesBeside(path)).toEqual([setup.path("shots/wood.png")]);
  });

  test("has nothing to say about a scene that cannot be read", async () => {
    expect(await check({ "shots/shot.blend": "nothing" }, [])).toEqual([]);
  });
});

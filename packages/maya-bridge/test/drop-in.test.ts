import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";
import { prepareScene } from "../src/scene/prepare-scene.ts";
import { makeRequest } from "./job-request.fixture.ts";

async function makeFiles() {
  const folder = await mkdtemp(join(tmpdir(), "renderjuice-drop-in-"));
  const blend = join(folder, "light.blend");
  const hero = join(folder, "job", "caches", "hero.abc");
  await mkdir(join(folder, "job", "caches"), { recursive: true });
  await writeFile(blend, "blend");
  await writeFile(hero, "hero");
  const options = { folder: join(folder, "job"), signal: AbortSignal.abort(), say: () => undefined };
  return { blend, hero, options, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

test("the .blend is at the top and the caches are where it reads them, however often it is prepared", async () => {
  await using files = await makeFiles();
  const caches = [{ name: "hero", path: files.hero, format: "abc" as const, roots: ["|hero_grp"] }];
  const request = makeRequest({ blend: files.blend, caches });
  await prepareScene(request, files.options);
  const { sourcePaths, report } = await prepareScene(request, files.options);
  expect(report.packed).toEqual(["light.blend", "caches/hero.abc"]);
  const [root = ""] = sourcePaths;
  expect((await readdir(root, { recursive: true })).sort()).toEqual([
    "caches",
    "caches/hero.abc",
    "light.blend",
  ]);
  expect(await readFile(join(root, "caches/hero.abc"), "utf8")).toBe("hero");
});

test("what the .blend names beside itself goes with it; of what lies elsewhere it warns", async () => {
  await using files = await makeFiles();
  const folder = dirname(files.blend);
  const beside = [
    "textures/skin.1001.png",
    "textures/skin.1002.png",
    "smoke/smoke_0001.vdb",
    "smoke/smoke_0002.vdb",
  ];
  const elsewhere = join(dirname(folder), `${basename(folder)}-wood.png`);
  for (const name of beside) await mkdir(dirname(join(folder, name)), { recursive: true });
  for (const path of [...beside.map((name) => join(folder, name)), elsewhere]) await writeFile(path, "file");
  const named = [
    "//textures/skin.<UDIM>.png",
    "//smoke\\smoke_0001.vdb",
    `//../${basename(elsewhere)}`,
    elsewhere,
    "//packed/into/the/blend.png",
  ];
  await writeFile(files.blend, `BLENDER-v304\0${named.join("\0\0")}\0`);

  const { report } = await prepareScene(makeRequest({ blend: files.blend }), files.options);

  await rm(elsewhere);
  expect(report.packed.toSorted()).toEqual(["light.blend", ...beside].sort());
  expect(report.warnings).toEqual([
    expect.stringContaining(
      `refers to //../${basename(elsewhere)}, which is only on the farm if it is packed`,
    ),
    expect.stringContaining(`refers to ${elsewhere}, which is only on the farm if it is packed`),
  ]);
});

test("files that a linked scene needs are not searched for, and a warning says so", async () => {
  await using files = await makeFiles();
  await writeFile(join(dirname(files.blend), "props.blend"), "BLENDER-v304");
  await writeFile(files.blend, "BLENDER-v304\0//props.blend\0");
  const { report } = await prepareScene(makeRequest({ blend: files.blend }), files.options);
  expect(report.packed).toEqual(["light.blend", "props.blend"]);
  expect(report.warnings).toEqual([
    expect.stringContaining("Files that //props.blend needs were not searched for"),
  ]);
});

test("without a .blend it says what to pass", async () => {
  await using files = await makeFiles();
  await expect(prepareScene(makeRequest(), files.options)).rejects.toMatchObject({
    code: "invalid_option",
    hint: expect.stringContaining("blend="),
  });
});

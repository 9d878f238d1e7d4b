import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Reference } from "../src/scene/blend-facts.ts";
import { externalPlaceOf, filesOf, placeOf, placeOfLinked } from "../src/scene/external-files.ts";

describe.skipIf(process.platform === "win32")("where a file goes", () => {
  test.each([
    ["/show/sh010/tex/wood.png", "tex/wood.png"],
    ["/show/assets/wood.png", "external/show/assets/wood.png"],
    ["/show/sh010.old/wood.png", "external/show/sh010.old/wood.png"],
  ])("%s → %s", (file, place) => {
    expect(placeOf(file, "/show/sh010")).toBe(place);
  });

  test("a file whose place is taken goes where all its folders tell it apart", () => {
    expect(externalPlaceOf("/show/sh010/tex/wood.png")).toBe("external/show/sh010/tex/wood.png");
  });
});

describe("what a linked .blend names", () => {
  const linked = (raw: string) => placeOfLinked({ raw } as Reference, "external/show/lib/props.blend");
  test.each([
    ["//wood.png", "external/show/lib/wood.png"],
    ["//../../assets/wood.png", "external/assets/wood.png"],
    ["//..\\tex\\wood.png", "external/show/tex/wood.png"],
    ["//../../../../wood.png", undefined],
    ["/show/assets/wood.png", undefined],
  ])("%s → %s", (raw, place) => {
    expect(linked(raw)).toBe(place);
  });
});

test("sequences, tiles and folders stand for all their files", async () => {
  const folder = await mkdtemp(join(tmpdir(), "renderjuice-files-"));
  const names = [
    "smoke_0001.vdb",
    "smoke_0012.vdb",
    "smoke_a.vdb",
    "skin.1001.png",
    "skin.1002.png",
    "skin.png",
  ];
  for (const name of names) await writeFile(join(folder, name), "");
  await mkdir(join(folder, "fluid"));
  const find = async (name: string, span: Reference["span"]) =>
    (await filesOf({ file: join(folder, name), span })).map((path) => path.slice(folder.length + 1));
  expect(await find("smoke_0001.vdb", "sequence")).toEqual(["smoke_0001.vdb", "smoke_0012.vdb"]);
  expect(await find("skin.<UDIM>.png", "tiles")).toEqual(["skin.1001.png", "skin.1002.png"]);
  expect(await find("fluid", "folder")).toEqual(["fluid"]);
  expect(await find("skin.png", "file")).toEqual(["skin.png"]);
  expect(await find("gone.png", "file")).toEqual([]);
  expect(await find("skin.png", "folder")).toEqual([]);
  await rm(folder, { recursive: true });
});

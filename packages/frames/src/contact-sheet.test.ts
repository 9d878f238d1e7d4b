import { lstat, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode as encodeJpeg } from "jpeg-js";
import { PNG } from "pngjs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createContactSheet } from "./contact-sheet.ts";

type Color = readonly [number, number, number, number];
const RED: Color = [255, 0, 0, 255];
const GREEN: Color = [0, 255, 0, 255];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "contact-sheet-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function writePng(name: string, color: Color, width = 32, height = 18): Promise<string> {
  const image = new PNG({ width, height });
  for (let at = 0; at < image.data.length; at += 4) image.data.set(color, at);
  await writeFile(join(folder, name), PNG.sync.write(image));
  return join(folder, name);
}

async function sheetOf(
  files: readonly string[],
  options: { columns?: number; maxTiles?: number; title?: string } = {},
) {
  const outFile = join(folder, "out", "sheet.png");
  const sheet = await createContactSheet({ files, outFile, tileWidthPx: 160, ...options });
  const image = PNG.sync.read(await readFile(outFile));
  const colorAt = (x: number, y: number) =>
    Array.from(image.data.subarray((y * image.width + x) * 4, (y * image.width + x) * 4 + 3));
  return { sheet, image, colorAt };
}

describe("createContactSheet", () => {
  it("shows an even choice of many frames", async () => {
    const green = await writePng("a_0001.png", GREEN);
    const red = await writePng("a_0002.png", RED);
    const { image, colorAt } = await sheetOf([green, red, green, red, green], { columns: 3, maxTiles: 3 });
    expect(image.width).toBe(3 * 160 + 4 * 12);
    for (const column of [0, 1, 2]) expect(colorAt(12 + column * 172 + 80, 12 + 45)).toEqual([0, 255, 0]);
  });

  it("puts the frames side by side in the given order", async () => {
    const files = [await writePng("a_0001.png", RED), await writePng("a_0002.png", GREEN)];
    const { sheet, image, colorAt } = await sheetOf(files, { columns: 2 });
    expect(colorAt(12 + 80, 12 + 45)).toEqual([255, 0, 0]);
    expect(colorAt(12 + 160 + 12 + 80, 12 + 45)).toEqual([0, 255, 0]);
    expect(sheet).toMatchObject({ widthPx: image.width, heightPx: image.height, notShown: [] });
    expect(image.width).toBe(12 + 2 * (160 + 12));
  });

  it("begins a new row when a row is full", async () => {
    const files = [await writePng("a.png", RED), await writePng("b.png", GREEN)];
    const { image, colorAt } = await sheetOf(files, { columns: 1 });
    expect(image.width).toBe(12 + 160 + 12);
    expect(colorAt(92, 57)).toEqual([255, 0, 0]);
    expect(colorAt(92, 57 + 90 + 14 + 24)).toEqual([0, 255, 0]);
  });

  it("shows JPEG frames", async () => {
    const path = join(folder, "frame.jpg");
    const data = Buffer.alloc(32 * 18 * 4, Buffer.from(GREEN));
    await writeFile(path, encodeJpeg({ data, width: 32, height: 18 }, 95).data);
    const { sheet, colorAt } = await sheetOf([path]);
    const [red = 255, green = 0] = colorAt(92, 57);
    expect(sheet.notShown).toEqual([]);
    expect(green - red).toBeGreaterThan(200);
  });

  it("names what it cannot show and shows the rest", async () => {
    const exr = join(folder, "a_0001.exr");
    const damaged = join(folder, "a_0003.png");
    await writeFile(exr, Buffer.from([0x76, 0x2f, 0x31, 0x01]));
    const good = await writePng("a_0002.png", RED);
    await writeFile(damaged, (await readFile(good)).subarray(0, 40));
    const { sheet, colorAt } = await sheetOf([exr, good, damaged], { columns: 3 });
    expect(sheet.notShown).toEqual([
      { file: exr, reason: "EXR, not shown" },
      { file: damaged, reason: "PNG, damaged" },
    ]);
    expect(colorAt(12 + 172 + 80, 57)).toEqual([255, 0, 0]);
  });

  it("makes a sheet of placeholders when nothing can be shown", async () => {
    const exr = join(folder, "a.exr");
    await writeFile(exr, "no image");
    const { sheet } = await sheetOf([exr]);
    expect(sheet.notShown).toHaveLength(1);
  });

  it("keeps the shape of a frame that differs from the first one", async () => {
    const files = [await writePng("wide.png", RED), await writePng("tall.png", GREEN, 10, 40)];
    const { colorAt } = await sheetOf(files, { columns: 2 });
    expect(colorAt(184 + 80, 57)).toEqual([0, 255, 0]);
    expect(colorAt(184 + 20, 57)).not.toEqual([0, 255, 0]);
  });

  it("writes the title above the tiles", async () => {
    const file = await writePng("a.png", RED);
    const plain = await sheetOf([file]);
    const titled = await sheetOf([file], { title: "SHOT 010" });
    expect(titled.image.height).toBe(plain.image.height + 21 + 12);
    const titleRow = Array.from({ length: 160 }, (_, x) => titled.colorAt(12 + x, 12)[0]);
    expect(titleRow).toContain(226);
  });

  it("labels every tile with the end of a long file name", async () => {
    const long = await writePng(`${"shot".repeat(10)}_0001.png`, RED);
    const other = await writePng(`${"shot".repeat(10)}_0002.png`, RED);
    const label = (colorAt: (x: number, y: number) => number[]) =>
      Array.from({ length: 160 * 14 }, (_, at) => colorAt(12 + (at % 160), 108 + Math.floor(at / 160))[0]);
    const first = label((await sheetOf([long])).colorAt);
    const second = label((await sheetOf([other])).colorAt);
    expect(first).toContain(226);
    expect(first).not.toEqual(second);
  });

  it("shows the sheet's own gray behind transparent pixels", async () => {
    const { colorAt } = await sheetOf([await writePng("a.png", [255, 0, 0, 0])]);
    expect(colorAt(92, 57)).toEqual([44, 47, 55]);
  });

  it.each([
    ["no files", { files: [] }],
    ["no columns", { files: ["a.png"], columns: 0 }],
    ["a broken width", { files: ["a.png"], tileWidthPx: 1.5 }],
  ])("refuses %s", async (_, options) => {
    await expect(createContactSheet({ outFile: join(folder, "x.png"), ...options })).rejects.toThrow(
      RangeError,
    );
  });

  it("fails with the system's error when a frame is missing", async () => {
    await expect(sheetOf([join(folder, "gone.png")])).rejects.toMatchObject({ code: "ENOENT" });
  });

  it.skipIf(process.platform === "win32")("replaces the file that a link leads to", async () => {
    const frame = await writePng("a_1.png", RED);
    const [sheet, link] = [join(folder, "sheet.png"), join(folder, "link.png")];
    await writeFile(sheet, "before");
    await symlink("sheet.png", link);
    await createContactSheet({ files: [frame], outFile: link });
    expect((await readFile(sheet)).subarray(1, 4).toString()).toBe("PNG");
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
  });
});

import { readdirSync, readFileSync } from "node:fs";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { encode as encodeJpeg } from "jpeg-js";
import { describe, expect, test } from "vitest";
import { NODE_CHECKS, THOROUGH_CHECKS } from "../src/node/download/node-checks.ts";
import { crc32 } from "../src/outputs/structure/crc32.ts";
import { findStructureProblem } from "../src/outputs/structure/find-structure-problem.ts";
import { type ExrKind, makeExr } from "./make-exr.ts";
import { makeTiff } from "./make-tiff.ts";
import { drawPicture, packZip } from "./pictures.ts";

const FOLDER = new URL("samples/", import.meta.url);
const SAMPLES = readdirSync(FOLDER).filter((name) => !name.endsWith(".md"));
const read = (name: string) => readFileSync(new URL(name, FOLDER));

function check(name: string, content: Buffer, checks = NODE_CHECKS) {
  const source = {
    sizeBytes: content.length,
    read: async (offset: number, length: number) => {
      expect(offset >= 0 && offset + length <= content.length).toBe(true);
      return content.subarray(offset, offset + length);
    },
  };
  return findStructureProblem(name, source, checks);
}

/** Lengths from nothing to all but the last byte. */
function cutsOf(content: Buffer): number[] {
  const step = Math.max(1, Math.floor(content.length / 150));
  const cuts = Array.from({ length: Math.ceil(content.length / step) }, (_, index) => index * step);
  return [...new Set([...cuts, 1, 2, 8, 20, content.length - 1, content.length - 2])].filter(
    (length) => length >= 0 && length < content.length,
  );
}

async function expectOnlyWholeIsFine(name: string, content: Buffer): Promise<void> {
  expect(await check(name, content)).toEqual({ isProven: true });
  for (const length of cutsOf(content)) {
    expect(await check(name, content.subarray(0, length)), `${length} bytes`).toMatchObject({
      problem: expect.any(String),
      isProven: false,
    });
  }
}

describe("what Blender writes", () => {
  test.each(SAMPLES)("%s is complete, and nothing less than it is", (name) =>
    expectOnlyWholeIsFine(name, read(name)),
  );

  test.each(SAMPLES)("%s with wrong bytes is judged, not stumbled over", async (name) => {
    const content = read(name);
    const wrong = fc.array(fc.tuple(fc.nat(content.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(wrong, async (bytes) => {
        const spoiled = Buffer.from(content);
        for (const [at, byte] of bytes) spoiled[at] = byte;
        expect(typeof (await check(name, spoiled)).isProven).toBe("boolean");
      }),
      { numRuns: 150, seed: 14 },
    );
  });

  test.each(SAMPLES)("%s is not one of another format", async (name) => {
    const other = name.endsWith(".png") ? "frame.jpg" : "frame.png";
    expect((await check(name, read(other))).problem).toMatch(/^is/);
  });
});

describe("a hole in the middle", () => {
  test.each(["zip.exr", "zips.exr", "packed.tif"])(
    "of %s is found by who unpacks its pixels",
    async (name) => {
      // Within a strip or chunk.
      const spoiled = Buffer.from(read(name)).fill(0, 1040, 1048);
      expect(await check(name, spoiled)).toEqual({ isProven: true });
      const found = await check(name, spoiled, THOROUGH_CHECKS);
      expect(found.problem).toBe("is damaged: its pixels cannot be decompressed");
    },
  );

  test.each(SAMPLES)("%s, which has none, is fine", async (name) => {
    expect(await check(name, read(name), THOROUGH_CHECKS)).toEqual(await check(name, read(name)));
  });
});

describe("checksums", () => {
  test.each([
    ["a.png", drawPicture(7, 40, 30)],
    ["a.zip", packZip("a.bin", Buffer.from("some text, some text"), deflateRawSync)],
    ["a.zip", packZip("a.bin", Buffer.from("some text, some text"))],
  ])("one wrong bit in the content of %s is found", async (name, content) => {
    expect(await check(name, content)).toEqual({ isProven: true });
    for (let at = 60; at < content.length - 90; at += 7) {
      const flipped = Buffer.from(content);
      flipped[at] = (flipped[at] ?? 0) ^ 4;
      expect((await check(name, flipped)).problem, `byte ${at}`).toBeDefined();
    }
  });

  test("the portable CRC-32 is that of Node", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), (bytes, at) => {
        const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
        expect(crc32(tail, crc32(head))).toBe(NODE_CHECKS.crc32(bytes));
      }),
    );
  });
});

describe("OpenEXR of every kind", () => {
  const kinds: ExrKind[] = [
    "scan lines",
    "tiles",
    "tiles of one level",
    "mipmaps rounded up",
    "ripmaps",
    "deep scan lines",
    "deep tiles",
    "two parts",
  ];
  test.each(kinds)("%s", (kind) => expectOnlyWholeIsFine("a.exr", makeExr(kind)));

  test("one whose writer did not finish is not complete", async () => {
    const content = makeExr("scan lines");
    const table = content.indexOf(Buffer.from("screenWindowWidth\0")) + 32;
    const unfinished = Buffer.from(content);
    for (let at = table; at < content.length; at++) unfinished[at] = 0;
    expect((await check("a.exr", unfinished)).problem).toMatch(/did not finish|wrong place/);
  });

  test("a chunk of another line in the place of one is found", async () => {
    const content = makeExr("scan lines");
    const moved = Buffer.from(content);
    moved.writeInt32LE(0, content.length - 4 - 4 - 16);
    expect((await check("a.exr", moved)).problem).toMatch(/missing|wrong place/);
  });

  test("a compression of tomorrow is not called broken", async () => {
    const content = Buffer.from(read("zip.exr"));
    const at = content.indexOf("compression\0compression\0") + "compression\0compression\0".length + 4;
    content[at] = 99;
    expect(await check("a.exr", content)).toEqual({ isProven: false });
  });
});

describe("TIFF of every kind", () => {
  test.each([
    ["little-endian strips", { isLittle: true }],
    ["big-endian strips", { isLittle: false }],
    ["BigTIFF", { isLittle: true, isBig: true }],
    ["tiles", { isLittle: true, isTiled: true }],
    ["the directory before the pixels", { isLittle: true, isDirectoryFirst: true }],
  ])("%s", (_kind, options) => expectOnlyWholeIsFine("a.tif", makeTiff(options)));
});

describe("others", () => {
  test("a JPEG of one scan, and with what a program puts before it", async () => {
    const pixels = Buffer.from(Array.from({ length: 64 * 48 * 4 }, (_, at) => (at * at) & 0xff));
    const jpeg = encodeJpeg({ data: pixels, width: 64, height: 48 }, 90).data;
    await expectOnlyWholeIsFine("a.jpg", jpeg);
    const comment = Buffer.from([0xff, 0xfe, 0, 6, 0xff, 0xd9, 0xff, 0xd9]);
    await expectOnlyWholeIsFine("a.jpeg", Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2)]));
  });

  test("a large picture is read in pieces", async () => {
    const content = drawPicture(3, 900, 800);
    expect(content.length).toBeGreaterThan(2 * 1024 * 1024);
    expect(await check("a.png", content)).toEqual({ isProven: true });
    content[content.length - 3000] = 1;
    expect((await check("a.png", content)).problem).toMatch(/checksum/);
  });

  test("a Matroska that was streamed does not show its end", async () => {
    const content = Buffer.from(read("movie.mkv"));
    const segment = content.indexOf(Buffer.from([0x18, 0x53, 0x80, 0x67])) + 4;
    Buffer.from([0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]).copy(content, segment);
    expect(await check("a.mkv", content)).toEqual({ isProven: false });
  });

  test.each(["a", "a.txt", "a.constructor", "a.png.bak"])(
    "%s is of no format that is known",
    async (name) => {
      expect(await check(name, Buffer.from("text"))).toEqual({ isProven: false });
      expect(await check(name, Buffer.alloc(0))).toEqual({ problem: "is empty", isProven: false });
    },
  );
});

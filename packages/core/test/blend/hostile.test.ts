import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readSceneFacts } from "../../src/index.ts";
import { NODE_DECOMPRESS } from "../../src/node/blend/node-decompress.ts";
import { compressZstd, seekTable } from "./compress-zstd.ts";
import { properties } from "./full-scene.ts";
import { readFactsOf } from "./read-facts-of.ts";
import { SMALL_SCENE, STRUCTS, sceneBlocks, smallScene } from "./small-scene.ts";
import { type Block, writeBlend } from "./write-blend.ts";

const HEADER_BYTES = 12;
const HEAD_BYTES = 24;

describe("what is not a .blend", () => {
  test.each([
    "",
    "B",
    "BLENDER",
    "BLENDER-",
    "BLENDER*v304",
    "FBX",
    "<html>",
    "\u001f\u008b",
    "(\u00b5/\u00fd",
  ])("%j", (text) => expectDamaged(Buffer.from(text, "latin1")));

  test.each(["BLENDER18-01v0502", "BLENDER17-02v0600", "BLENDER17-01W0502"])(
    "a format that is newer than this reader: %s",
    async (header) => {
      await expect(readFactsOf(Buffer.from(header.padEnd(64, "\0")))).rejects.toMatchObject({
        code: "blend_unsupported",
        message: expect.stringContaining("newer format"),
      });
    },
  );
});

describe("a file that is cut off", () => {
  const whole = smallScene();

  test("anywhere", async () => {
    for (let length = 0; length < whole.length - HEAD_BYTES; length += 61) {
      await expectDamaged(whole.subarray(0, length));
    }
  });

  test("within its last block head is still whole: so does Blender see it", async () => {
    const facts = await readFactsOf(whole);
    expect(await readFactsOf(whole.subarray(0, whole.length - HEAD_BYTES + 4))).toEqual(facts);
  });

  test.each([
    ["gzip", gzipSync(whole)],
    ["one zstd frame", zstdCompressSync(whole)],
    ["many zstd frames", compressZstd(whole, 1000)],
  ])("when it is compressed: %s", async (_, compressed) => {
    for (let length = 1; length < compressed.length / 2; length += 41) {
      await expectDamaged(compressed.subarray(0, length));
    }
  });
});

describe("block heads that lie", () => {
  const LENGTH = HEADER_BYTES + 4;
  const STRUCT_INDEX = HEADER_BYTES + 16;
  const COUNT = HEADER_BYTES + 20;
  test.each([
    ["a negative length", LENGTH, -1],
    ["a length beyond the end", LENGTH, 0x7fffffff],
    ["a negative struct index", STRUCT_INDEX, -1],
    ["a struct that the DNA does not describe", STRUCT_INDEX, 30_000],
    ["a negative count", COUNT, -2],
    ["a count that does not fit the length", COUNT, 0x7fffffff],
  ])("%s", async (_, offset, value) => {
    const bytes = smallScene();
    bytes.writeInt32LE(value, offset);
    await expectDamaged(bytes);
  });

  test("lengths and counts of 64 bits", async () => {
    for (const value of [-1n, 2n ** 62n, 2n ** 53n + 1n, 2n ** 40n]) {
      for (const offset of [17 + 16, 17 + 24]) {
        const bytes = smallScene({ format: 1 });
        bytes.writeBigInt64LE(value, offset);
        await expectDamaged(bytes);
      }
    }
  });

  test("empty structs without number", async () => {
    const blocks: Block[] = [...sceneBlocks(), { struct: "ViewLayer", values: [] }];
    const bytes = writeBlend(STRUCTS, blocks);
    expect((await readFactsOf(bytes)).scenes).toHaveLength(1);
    const head = bytes.indexOf(Buffer.from("DATA\0\0\0\0", "latin1"));
    bytes.writeInt32LE(0x7fffffff, head + 20);
    await expectDamaged(bytes);
  });

  test("the error says where", async () => {
    const bytes = smallScene();
    bytes.writeInt32LE(-1, LENGTH);
    await expect(readFactsOf(bytes)).rejects.toMatchObject({
      name: "BlendFileError",
      code: "blend_damaged",
      offsetBytes: HEADER_BYTES,
      hint: expect.stringContaining(".blend1"),
    });
  });
});

describe("a DNA that lies", () => {
  const whole = smallScene();
  const dnaStart = whole.indexOf("SDNA");
  const partStart = (part: string) => whole.indexOf(part, dnaStart);

  test.each([
    ["has more names than bytes", () => partStart("NAME") + 4, 0x7fffffff],
    ["has no names", () => partStart("NAME") + 4, 0],
    ["has more types than bytes", () => partStart("TYPE") + 4, -1],
    ["has more structs than bytes", () => partStart("STRC") + 4, 0x40000000],
    ["has no structs", () => partStart("STRC") + 4, 0],
    ["has structs of unknown types", () => partStart("STRC") + 8, -1],
    ["has lengths that are not the sum of the fields", () => partStart("TLEN") + 40, 0x01010101],
    ["lacks a part", () => partStart("TYPE"), 0],
  ])("%s", async (_, offset, value) => {
    const bytes = Buffer.from(whole);
    bytes.writeInt32LE(value, offset());
    await expectDamaged(bytes);
  });

  test("names without an end", async () => {
    const bytes = Buffer.from(whole);
    bytes.fill("a", partStart("NAME") + 8, partStart("TLEN"));
    await expectDamaged(bytes);
  });

  test("is missing", () => expectDamaged(Buffer.concat([whole.subarray(0, HEADER_BYTES), endOf(whole)])));

  test("is there twice", async () => {
    const dna = whole.subarray(dnaStart - HEAD_BYTES, whole.length - HEAD_BYTES);
    await expectDamaged(Buffer.concat([whole.subarray(0, dnaStart - HEAD_BYTES), dna, dna, endOf(whole)]));
  });
});

describe("custom properties", () => {
  const sceneWith = (data: readonly Block[]) =>
    writeBlend(STRUCTS, [...sceneBlocks({ "id.properties": 0x10 }, data)]);

  test("that form a loop", async () => {
    const group: Block = {
      address: 0x10,
      struct: "IDProperty",
      values: { type: 6, "data.group.first": 0x11 },
    };
    const loop: Block = { address: 0x11, struct: "IDProperty", values: { type: 1, name: "a", next: 0x11 } };
    await expectDamaged(sceneWith([group, loop]));
  });

  test("that contain themselves", async () => {
    const values = { type: 6, name: "a", "data.group.first": 0x10 };
    await expectDamaged(sceneWith([{ address: 0x10, struct: "IDProperty", values }]));
  });

  test("that are nested too deeply", async () => {
    let tree = {};
    for (let depth = 0; depth < 100; depth++) tree = { a: tree };
    await expectDamaged(sceneWith(properties(0x10, tree)));
  });

  test("that lead nowhere are left out", async () => {
    const group: Block = {
      address: 0x10,
      struct: "IDProperty",
      values: { type: 6, "data.group.first": 0x99 },
    };
    expect((await readFactsOf(sceneWith([group]))).scenes[0]?.properties).toEqual({});
  });
});

test("texts without a zero at their end are read to the end of the field", async () => {
  const blocks = SMALL_SCENE.map((block) =>
    block.code === "IM" ? { ...block, values: { ...block.values, name: `//${"a".repeat(1022)}` } } : block,
  );
  const { files } = await readFactsOf(writeBlend(STRUCTS, blocks));
  expect(files[0]?.path).toBe(`//${"a".repeat(1022)}`);
});

test("a datablock with very many drivers", async () => {
  const structs = { ...STRUCTS, ChannelDriver: ["char expression[4]", "int type"] };
  const values = Array.from({ length: 200_000 }, () => ({ type: 1 }));
  const blocks: Block[] = [...sceneBlocks(), { struct: "ChannelDriver", values }];
  expect((await readFactsOf(writeBlend(structs, blocks))).pythonDrivers).toHaveLength(200_000);
});

test("a datablock with more settings than anybody can make", async () => {
  const structs = { ...STRUCTS, ChannelDriver: ["char expression[4]", "int type"] };
  const values = Array.from({ length: 100_000 }, () => ({ type: 0 }));
  const drivers: Block = { struct: "ChannelDriver", values };
  const blocks = Array.from({ length: 6 }, () => drivers);
  await expectDamaged(writeBlend(structs, [...sceneBlocks(), ...blocks]));
});

test("long texts are not kept: they are not paths", async () => {
  const path = (length: number): Block[] => [
    { code: "TX", struct: "Text", values: { "id.name": "TXa", name: 0x42 } },
    { address: 0x42, bytes: Buffer.alloc(length, "a") },
  ];
  const { texts } = await readFactsOf(writeBlend(STRUCTS, [...path(4096), ...path(4097)]));
  expect(texts.map((text) => text.path?.length)).toEqual([4096, undefined]);
});

test("pointers to nothing, or to something else, mean nothing", async () => {
  const facts = await readFactsOf(
    writeBlend(STRUCTS, [
      { code: "GLOB", struct: "FileGlobal", values: { curscene: 0xdead } },
      ...sceneBlocks({ camera: 0xbeef, set: 0x1001, "id.properties": 0x1001 }),
    ]),
  );
  expect(facts).toMatchObject({ activeScene: undefined, scenes: [{ camera: undefined }] });
});

describe("decompression bombs", () => {
  const zeros = new Uint8Array(1024 * 1024);
  /** A block that says it goes on for 2^52 bytes. */
  const start = Buffer.alloc(17 + 32);
  start.write("BLENDER17-01v0502REND");
  start.writeBigInt64LE(2n ** 52n, 17 + 16);
  async function* endless() {
    yield start;
    for (;;) yield zeros;
  }
  const bomb = { ...NODE_DECOMPRESS, gunzip: endless, unzstd: endless };

  test.each([
    ["gzip", gzipSync(Buffer.from("a"))],
    ["zstd", zstdCompressSync(Buffer.from("a"))],
  ])("%s that never ends", async (_, bytes) => {
    const read = async (offset: number, length: number) => bytes.subarray(offset, offset + length);
    const facts = readSceneFacts(
      { sizeBytes: bytes.length, read },
      { fileName: "a.blend", decompress: bomb },
    );
    await expect(facts).rejects.toMatchObject({
      code: "blend_damaged",
      message: expect.stringContaining("far more than any scene"),
    });
  });

  test("a zstd frame with more in it than the seek table says", async () => {
    const frame = zstdCompressSync(Buffer.concat([smallScene(), zeros]));
    await expectDamaged(Buffer.concat([frame, seekTable([frame], 500, 1000)]));
  });

  test("a zstd frame with less in it than the seek table says", async () => {
    const frame = zstdCompressSync(smallScene());
    await expectDamaged(Buffer.concat([frame, seekTable([frame], 1_000_000, 2_000_000)]));
  });
});

test("a failure to read the file is passed on as it is", async () => {
  const failure = new Error("The disk is gone.");
  const read = async () => Promise.reject(failure);
  await expect(readSceneFacts({ sizeBytes: 100, read }, { fileName: "a.blend" })).rejects.toBe(failure);
});

async function expectDamaged(bytes: Uint8Array): Promise<void> {
  await expect(readFactsOf(bytes)).rejects.toMatchObject({ name: "BlendFileError", code: "blend_damaged" });
}

function endOf(whole: Buffer): Buffer {
  return whole.subarray(whole.length - HEAD_BYTES);
}

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Decompress, readSceneFacts, type SceneFacts } from "../../src/index.ts";
import { NODE_DECOMPRESS } from "../../src/node/blend/node-decompress.ts";
import { inspectScene } from "../../src/node/index.ts";
import { compressZstd, seekTable, zstdFrames } from "./compress-zstd.ts";
import { readFactsOf } from "./read-facts-of.ts";
import { SMALL_SCENE, STRUCTS, smallScene } from "./small-scene.ts";
import { type BlendLayout, type Block, writeBlend } from "./write-blend.ts";

test("the facts of a small scene", async () => {
  const facts = await readFactsOf(smallScene());
  expect(facts).toMatchObject({
    version: { major: 3, minor: 4, subversion: 6 },
    compression: "none",
    isBigEndian: false,
    activeScene: "Shot",
    texts: [{ name: "setup.py", runsOnLoad: true, path: "//setup.py" }],
  });
  expect(facts.scenes[0]).toMatchObject({
    name: "Shot",
    engine: "CYCLES",
    frames: { start: 1, end: 24, step: 1, current: 3 },
    framesPerSecond: 24,
    resolution: { width: 1920, height: 1080, percentage: 50, pixelAspectX: 1, pixelAspectY: 1 },
    border: undefined,
    camera: "Camera",
    output: { path: "//render/", format: "PNG", isMovie: false, overwrites: true },
    viewLayers: [{ name: "ViewLayer", isRendered: true }],
    samples: { value: 4096, from: "default" },
  });
  expect(facts.files).toEqual([
    {
      kind: "image",
      owner: { type: "image", name: "Brick" },
      library: undefined,
      via: undefined,
      path: "//textures/brick.png",
      isRelative: true,
      isPacked: false,
      extent: "file",
      frames: undefined,
      tiles: [],
      hasViews: false,
      names: [],
    },
  ]);
});

describe("every layout gives the same facts", () => {
  const LAYOUTS: Record<string, BlendLayout> = {
    "pointers of 32 bits": { pointerBytes: 4 },
    "big-endian, as on a PowerPC": { isBigEndian: true },
    "big-endian with pointers of 32 bits": { isBigEndian: true, pointerBytes: 4 },
    "the header and block heads of Blender 5": { format: 1 },
  };
  test.each(Object.entries(LAYOUTS))("%s", async (_, layout) => {
    const [facts, expected] = [await readFactsOf(smallScene({ version: 304, ...layout })), await usual()];
    expect(facts).toEqual({ ...expected, isBigEndian: layout.isBigEndian ?? false });
  });

  test("pointers that use all 64 bits", async () => {
    // As numbers, these two addresses would be equal.
    const high = 0x7ea5b720a621f4c1n;
    const other = 0x7ea5b720a621f4c0n;
    const blocks = SMALL_SCENE.map((block) =>
      block.code === "OB"
        ? { ...block, address: high }
        : block.code === "SC"
          ? { ...block, values: { ...block.values, camera: high } }
          : block,
    );
    const impostor = { code: "OB", address: other, struct: "Object", values: { "id.name": "OBImpostor" } };
    const facts = await readFactsOf(writeBlend(STRUCTS, [...blocks, impostor]));
    expect(facts.scenes[0]?.camera).toBe("Camera");
  });
});

describe("every compression gives the same facts", () => {
  const plain = smallScene();
  const frames = zstdFrames(plain, 1000);
  const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
  const VARIANTS: Record<string, [SceneFacts["compression"], Buffer]> = {
    gzip: ["gzip", gzipSync(plain)],
    "gzip in several members": [
      "gzip",
      Buffer.concat([gzipSync(plain.subarray(0, 900)), gzipSync(plain.subarray(900))]),
    ],
    "one zstd frame": ["zstd", zstdCompressSync(plain)],
    "many zstd frames": ["zstd", Buffer.concat(frames)],
    "many zstd frames with a seek table": ["zstd", compressZstd(plain, 1000)],
    "zstd frames of a few bytes with a seek table": ["zstd", compressZstd(plain, 7)],
    "a seek table that belongs to another file": [
      "zstd",
      Buffer.concat([...frames, seekTable(frames.slice(1), plain.length, 1000)]),
    ],
    "something that only ends like a seek table": [
      "zstd",
      Buffer.concat([...frames, changed(seekTable(frames, plain.length, 1000), 0)]),
    ],
    "a seek table of an unknown kind": [
      "zstd",
      Buffer.concat([...frames, changed(seekTable(frames, plain.length, 1000), -5)]),
    ],
    "a skippable frame first": ["zstd", Buffer.concat([skippable, ...frames])],
  };
  test.each(Object.entries(VARIANTS))("%s", async (_, [compression, bytes]) => {
    expect(await readFactsOf(bytes)).toEqual({ ...(await usual()), compression });
  });

  test("without functions that decompress, it says what is missing", async () => {
    const bytes = gzipSync(plain);
    await expect(readSceneFacts(sourceOf(bytes), { fileName: "shot.blend" })).rejects.toMatchObject({
      code: "blend_unsupported",
      message: expect.stringContaining("gzip"),
    });
  });
});

describe("of a large file, little is read", () => {
  // Random bytes, so that they stay large when they are compressed.
  const geometry: Block = { bytes: randomBytes(8 * 1024 * 1024) };
  const large = writeBlend(STRUCTS, [
    ...SMALL_SCENE,
    { code: "ME", struct: "ID", values: { name: "MEHeavy" } },
    ...[geometry, geometry],
  ]);

  test("geometry is leapt over", async () => {
    let readBytes = 0;
    const facts = await readSceneFacts(
      sourceOf(large, (length) => (readBytes += length)),
      {
        fileName: "shot.blend",
      },
    );
    expect(facts.scenes).toHaveLength(1);
    expect(readBytes).toBeLessThan(1024 * 1024);
  });

  test("the DNA is looked for at the end, so that one pass is enough", async () => {
    const offsets: number[] = [];
    await readSceneFacts(
      sourceOf(large, (_, offset) => offsets.push(offset)),
      { fileName: "shot.blend" },
    );
    // The kind of file, its header, its end; then forward only.
    const [kind = 0, header = 0, end = 0, ...others] = offsets;
    expect([kind, header]).toEqual([0, 0]);
    expect(end).toBeGreaterThan(large.length - 300_000);
    expect(others.filter((offset) => offset < end)).toEqual(
      others.filter((offset) => offset < end).toSorted((one, other) => one - other),
    );
  });

  test("a DNA that is not the last block is found too", async () => {
    const small = smallScene();
    const dna = small.indexOf("DNA1");
    const moved = Buffer.concat([small.subarray(0, 12), small.subarray(dna, -24), small.subarray(12, dna)]);
    const expected = await usual();
    expect(await readFactsOf(Buffer.concat([moved, small.subarray(-24)]))).toEqual(expected);
  });

  test("frames of zstd that hold geometry are not decompressed", async () => {
    let frames = 0;
    const decompress: Decompress = {
      ...NODE_DECOMPRESS,
      unzstdFrame: (...args) => {
        frames++;
        return NODE_DECOMPRESS.unzstdFrame(...args);
      },
    };
    const bytes = compressZstd(large, 256 * 1024);
    const facts = await readSceneFacts(sourceOf(bytes), { fileName: "shot.blend", decompress });
    expect(facts.scenes).toHaveLength(1);
    // Of 65: the first, the last with the DNA, and those where a block starts.
    expect(frames).toBeLessThan(10);
  });

  test.each([
    ["gzip", gzipSync(large)],
    ["one zstd frame", zstdCompressSync(large)],
  ])("without a seek table it is decompressed twice: %s", async (_, bytes) => {
    let passes = 0;
    const counted = (run: Decompress["gunzip"]): Decompress["gunzip"] => {
      return (chunks) => {
        passes++;
        return run(chunks);
      };
    };
    const { gunzip, unzstd, unzstdFrame } = NODE_DECOMPRESS;
    const decompress = { gunzip: counted(gunzip), unzstd: counted(unzstd), unzstdFrame };
    await readSceneFacts(sourceOf(bytes), { fileName: "shot.blend", decompress });
    expect(passes).toBe(2);
  });
});

describe("a file on disk", () => {
  test("is read with everything that Node can decompress", async () => {
    const path = join(makeFolder(), "shot.blend");
    writeFileSync(path, compressZstd(smallScene(), 1000));
    expect(await inspectScene(path)).toEqual({ ...(await usual()), compression: "zstd" });
  });

  test("that does not exist is reported as such", async () => {
    await expect(inspectScene(join(makeFolder(), "none.blend"))).rejects.toMatchObject({
      code: "source_unreadable",
    });
  });
});

/** With one bit of its lower half changed, in a byte that is counted from the end if it is negative. */
function changed(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  const index = at < 0 ? copy.length + at : at;
  copy[index] = (copy[index] ?? 0) ^ (at < 0 ? 0x20 : 1);
  return copy;
}

/** @param onRead gets the number of bytes of each read, and where it starts */
function sourceOf(bytes: Buffer, onRead: (length: number, offset: number) => void = () => undefined) {
  return {
    sizeBytes: bytes.length,
    read: async (offset: number, length: number) => {
      onRead(length, offset);
      return bytes.subarray(offset, offset + length);
    },
  };
}

function usual(): Promise<SceneFacts> {
  return readFactsOf(smallScene());
}

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "renderjuice-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

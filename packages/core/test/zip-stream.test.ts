import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import { describe, expect, onTestFinished, test } from "vitest";
import yauzl from "yauzl";
import { measureZip, streamZip, type ZipEntry } from "../src/node/zip/zip-stream.ts";

const GIB = 1024 ** 3;
const ZEROS = Buffer.alloc(2 * 1024 ** 2);

function entryOf(name: string, content: string): ZipEntry {
  return {
    name,
    sizeBytes: Buffer.byteLength(content),
    async *open() {
      yield Buffer.from(content);
    },
  };
}

function zeros(name: string, sizeBytes: number): ZipEntry {
  return {
    name,
    sizeBytes,
    async *open() {
      for (let left = sizeBytes; left > 0; left -= ZEROS.length) yield ZEROS.subarray(0, left);
    },
  };
}

/** Writes an archive to a file. Zeros take no room on the disk. */
async function write(entries: readonly ZipEntry[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "renderjuice-zip-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "a.zip");
  await using file = await open(path, "w");
  let writtenBytes = 0;
  for await (const chunk of streamZip(entries)) {
    if (chunk.buffer !== ZEROS.buffer) await file.write(chunk, 0, chunk.byteLength, writtenBytes);
    writtenBytes += chunk.byteLength;
  }
  expect(writtenBytes).toBe(measureZip(entries));
  return path;
}

/** What yauzl finds in an archive; the content of small files only. */
async function read(path: string) {
  const zip = await yauzl.openPromise(path, { autoClose: false });
  onTestFinished(() => zip.close());
  const found: { name: string; sizeBytes: number; content?: string }[] = [];
  for await (const entry of zip.eachEntry()) {
    const { fileName: name, uncompressedSize: sizeBytes } = entry;
    const isSmall = sizeBytes < GIB;
    found.push({
      name,
      sizeBytes,
      ...(isSmall && { content: await text(await zip.openReadStreamPromise(entry)) }),
    });
  }
  return found;
}

describe("an archive", () => {
  test("has the announced length, and Info-ZIP finds nothing wrong with it", async () => {
    const path = await write([
      entryOf("shot.blend", "BLENDER"),
      entryOf("Größe/日本.png", "x"),
      entryOf("empty.txt", ""),
      zeros("cache.vdb", 5_000_000),
    ]);
    execFileSync("unzip", ["-tqq", path]);
    expect((await read(path)).slice(0, 3)).toEqual([
      { name: "shot.blend", sizeBytes: 7, content: "BLENDER" },
      { name: "Größe/日本.png", sizeBytes: 1, content: "x" },
      { name: "empty.txt", sizeBytes: 0, content: "" },
    ]);
  });

  test("without files is one too", async () => {
    expect(await read(await write([]))).toEqual([]);
  });

  test.each([65_534, 65_535, 70_000])("may have %i files", async (count) => {
    const path = await write(Array.from({ length: count }, (_, index) => entryOf(`${index}`, "")));
    execFileSync("unzip", ["-tqq", path]);
    const names = execFileSync("unzip", ["-Z1", path], { encoding: "utf8" }).trim().split("\n");
    expect(names).toHaveLength(count);
    expect(names.at(-1)).toBe(`${count - 1}`);
  });

  test.each([
    ["a file of more than 4 GiB", [4 * GIB + 1]],
    ["a file that is just too large for 32 bits", [0xffffffff]],
    ["a file after which 32 bits are used up", [0xfffffffe]],
  ])("may have %s", async (_what, sizes) => {
    const large = sizes.map((sizeBytes, index) => zeros(`${index}.vdb`, sizeBytes));
    const path = await write([entryOf("shot.blend", "BLENDER"), ...large, entryOf("last.txt", "last")]);
    expect(await read(path)).toEqual([
      { name: "shot.blend", sizeBytes: 7, content: "BLENDER" },
      ...large.map(({ name, sizeBytes }) => ({ name, sizeBytes })),
      { name: "last.txt", sizeBytes: 4, content: "last" },
    ]);
  });

  test("is the same for the same files", async () => {
    const make = () => buffer(streamZip([entryOf("a.blend", "a"), entryOf("b.png", "b")]));
    expect(await make()).toEqual(await make());
  });

  test("is given in chunks that a socket may keep, unless they are larger than its buffer", async () => {
    const large = 200 * 1024;
    const entries = [
      entryOf("a.txt", "a"),
      zeros("b.vdb", large),
      entryOf("c.txt", "c"),
      zeros("d.vdb", large),
    ];
    const kept: Uint8Array[] = [];
    const asGiven: Buffer[] = [];
    for await (const chunk of streamZip(entries)) {
      if (chunk.byteLength > 64 * 1024) continue;
      kept.push(chunk);
      asGiven.push(Buffer.from(chunk));
    }
    expect(kept).toHaveLength(3);
    expect(kept.map((chunk) => Buffer.from(chunk))).toEqual(asGiven);
  });

  test("is refused for a name that leads out of the folder it is unpacked to", () => {
    for (const name of ["../a.png", "a/../../b.png", "/etc/passwd", "C:/a.png", "..\\a.png"]) {
      expect(() => measureZip([entryOf(name, "")])).toThrow(JSON.stringify(name));
    }
  });
});

describe("an entry", () => {
  test("may be made when everything before it has been packed, such as a list of checksums", async () => {
    const sums: string[] = [];
    const summed = (entry: ZipEntry): ZipEntry => ({
      ...entry,
      async *open() {
        const hash = createHash("sha256");
        for await (const chunk of entry.open()) {
          hash.update(chunk);
          yield chunk;
        }
        sums.push(hash.digest("hex"));
      },
    });
    const list: ZipEntry = {
      name: "sums.txt",
      sizeBytes: 128,
      async *open() {
        yield Buffer.from(sums.join(""));
      },
    };
    const path = await write([summed(entryOf("a", "a")), summed(entryOf("b", "b")), list]);
    const sha256 = (content: string) => createHash("sha256").update(content).digest("hex");
    expect((await read(path)).at(-1)?.content).toBe(sha256("a") + sha256("b"));
  });

  test("may give its content in one buffer that it fills again and again", async () => {
    const pieces = Array.from({ length: 300 }, (_, index) => `${index}`.padStart(4).repeat(250));
    const shared = Buffer.alloc(1000);
    const entry: ZipEntry = {
      name: "a.txt",
      sizeBytes: 300_000,
      async *open() {
        for (const piece of pieces) {
          shared.write(piece);
          yield shared;
        }
        shared.fill(0);
      },
    };
    expect((await read(await write([entry])))[0]?.content).toBe(pieces.join(""));
  });

  test.each([
    ["longer", 2],
    ["shorter", 4],
  ])("that became %s is named", async (size, sizeBytes) => {
    const changed = { ...entryOf("tex/wood.png", "abc"), sizeBytes };
    await expect(buffer(streamZip([changed]))).rejects.toMatchObject({
      code: "source_changed",
      file: "tex/wood.png",
      message: `tex/wood.png became ${size} while it was being uploaded.`,
    });
  });

  test("is closed when nobody wants the rest of the archive", async () => {
    let isClosed = false;
    const entry = zeros("a.vdb", GIB);
    const watched: ZipEntry = {
      ...entry,
      async *open() {
        try {
          yield* entry.open();
        } finally {
          isClosed = true;
        }
      },
    };
    for await (const _ of streamZip([watched])) if (_.byteLength === ZEROS.length) break;
    expect(isClosed).toBe(true);
  });
});

test("the work grows with the number of files, not faster", async () => {
  async function countLooks(count: number): Promise<number> {
    let looks = 0;
    const entry = entryOf("a.png", "a");
    const watched = new Proxy(entry, {
      get: (target, property: keyof ZipEntry) => {
        looks += 1;
        return target[property];
      },
    });
    const entries = new Proxy(
      Array.from({ length: count }, () => watched),
      {
        get: (target, property) => {
          looks += 1;
          return Reflect.get(target, property);
        },
      },
    );
    measureZip(entries);
    for await (const _ of streamZip(entries));
    return looks;
  }
  const once = (await countLooks(200)) - (await countLooks(100));
  const twice = (await countLooks(300)) - (await countLooks(100));
  expect(twice).toBe(2 * once);
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readZip } from "../src/node/source/read-zip.ts";
import { streamZip } from "../src/node/zip/zip-stream.ts";
import { readZipDirectory } from "../src/scene/preflight/zip-directory.ts";

/** An archive as folders are packed, whose ending may be that of a large one. */
async function withArchive(files: number, work: (zip: Buffer, path: string) => Promise<void> | void) {
  const entries = Array.from({ length: files }, (_, index) => ({
    name: `texture ü ${index}.png`,
    sizeBytes: index % 100,
    async *open() {
      yield Buffer.alloc(index % 100, "x");
    },
  }));
  const folder = await mkdtemp(join(tmpdir(), "renderjuice-zip-"));
  try {
    const chunks: Buffer[] = [];
    // A chunk is only valid until the next one is requested.
    for await (const chunk of streamZip(entries)) chunks.push(Buffer.from(chunk));
    const zip = Buffer.concat(chunks);
    const path = join(folder, "scene.zip");
    await writeFile(path, zip);
    await work(zip, path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe("the directory of a zip, read out of its tail", () => {
  test.each([1, 3, 1500])("is what yauzl reads, with %i files", async (files) => {
    await withArchive(files, async (zip, path) => {
      const entries = readZipDirectory(zip, zip.byteLength);
      expect(entries).toHaveLength(files);
      expect(entries).toEqual((await readZip(path)).zipEntries);
    });
  });

  test("may have more files than 16 bits can count", async () => {
    await withArchive(70_000, (zip) => {
      const entries = readZipDirectory(zip, zip.byteLength);
      expect(entries).toHaveLength(70_000);
      expect(entries?.at(-1)).toMatchObject({ name: "texture ü 69999.png", sizeBytes: 99 });
    });
  });

  test("needs only the end of the file", async () => {
    await withArchive(3, (zip) => {
      const whole = readZipDirectory(zip, zip.byteLength);
      expect(readZipDirectory(zip.subarray(-400), zip.byteLength)).toEqual(whole);
      expect(readZipDirectory(zip.subarray(-100), zip.byteLength)).toBeUndefined();
    });
  });

  test("tells encrypted entries", async () => {
    await withArchive(1, (zip) => {
      const flags = zip.lastIndexOf(Buffer.from("PK\x01\x02")) + 8;
      zip[flags] = (zip[flags] ?? 0) | 1;
      expect(readZipDirectory(zip, zip.byteLength)?.[0]?.isEncrypted).toBe(true);
    });
  });

  test.each([
    ["no archive", Buffer.from("BLENDER-v304 and so on")],
    ["nothing", new Uint8Array()],
  ])("of %s is undefined", (_what, bytes) => {
    expect(readZipDirectory(bytes, bytes.byteLength)).toBeUndefined();
  });
});

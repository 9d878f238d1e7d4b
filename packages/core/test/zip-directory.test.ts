import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { openSource } from "../src/node/index.ts";
import { readZip } from "../src/node/source/read-zip.ts";
import { readZipDirectory } from "../src/scene/preflight/zip-directory.ts";

/** An archive of the project's own making, whose ending may be that of a large one. */
async function withArchive(files: number, work: (zip: Buffer, path: string) => Promise<void> | void) {
  const folder = await mkdtemp(join(tmpdir(), "renderjuice-zip-"));
  try {
    const paths: string[] = [];
    for (let index = 0; index < files; index++) {
      paths.push(join(folder, `texture ü ${index}.png`));
      await writeFile(paths.at(-1) ?? "", "x".repeat(index));
    }
    const source = await openSource(paths.length === 1 ? folder : paths);
    const zip = await buffer(source.open());
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

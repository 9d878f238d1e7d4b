import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { FileLane } from "../src/node/files/file-lane.ts";
import { fileEntries } from "../src/node/source/file-entries.ts";
import { stampFiles } from "../src/node/source/stamp-files.ts";
import type { ZipEntry } from "../src/node/zip/zip-stream.ts";

/** Entries for files with these contents, in this order. */
async function createEntries(contents: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), "renderjuice-entries-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const listed = contents.map((_, index) => ({ name: `${index}`, path: join(folder, `${index}`) }));
  for (const [index, { path }] of listed.entries()) await writeFile(path, contents[index] ?? "");
  const lane = new FileLane();
  const { files } = await stampFiles({ files: listed, leftOut: [] }, lane);
  return { entries: fileEntries(files, lane), pathOf: (index: number) => join(folder, `${index}`) };
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `file ${index}`);

test("each entry gives the content of its file", async () => {
  const contents = [
    ...numbered(600),
    "",
    "large ".repeat(100_000),
    "",
    ...numbered(30),
    ...Array.from({ length: 12 }, () => "medium".repeat(20_000)),
  ];
  const { entries } = await createEntries(contents);
  const given: string[] = [];
  for (const entry of entries) given.push(await text(entry.open()));
  expect(given).toEqual(contents);
});

test("files that somebody else packs in another way are passed over", async () => {
  const { entries } = await createEntries(numbered(600));
  const others = entries.filter((_, index) => index % 7 === 3);
  const given: string[] = [];
  for (const entry of others) given.push(await text(entry.open()));
  expect(given).toEqual(others.map(({ name }) => `file ${name}`));
});

test("a small file that grew gives no more than was announced", async () => {
  const { entries, pathOf } = await createEntries(numbered(3));
  await appendFile(pathOf(1), " and more");
  const given: string[] = [];
  for (const entry of entries) given.push(await text(entry.open()));
  expect(given).toEqual(numbered(3));
});

test("a small file that is gone when its turn comes is named", async () => {
  const { entries, pathOf } = await createEntries(numbered(300));
  await rm(pathOf(299));
  const open = (index: number) => text((entries[index] as ZipEntry).open());
  expect(await open(0)).toBe("file 0");
  await expect(open(299)).rejects.toMatchObject({
    code: "source_changed",
    file: pathOf(299),
  });
});

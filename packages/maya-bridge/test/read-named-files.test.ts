import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { prepareScene } from "../src/scene/prepare-scene.ts";
import { isCache, readNamedFiles } from "../src/scene/read-named-files.ts";
import { makeRequest } from "./job-request.fixture.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "renderjuice-paths-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Bytes like those of a `.blend`, with paths in fields that end in zeros. */
function content(...paths: string[]): Buffer {
  const fields = paths.map((path) => Buffer.concat([Buffer.from([1, 2, 0]), Buffer.from(`${path}\0\0`)]));
  return Buffer.concat([Buffer.from("BLENDER-v304REND"), ...fields, Buffer.from("ENDB")]);
}

/** Frames and a table of their sizes, as Blender writes them. */
function zstdFrames(bytes: Buffer): Buffer {
  const frames = [bytes.subarray(0, 40), bytes.subarray(40)].map((part) => zstdCompressSync(part));
  const table = Buffer.alloc(frames.length * 8 + 9);
  for (const [index, frame] of frames.entries()) table.writeUInt32LE(frame.length, index * 8);
  table.writeUInt32LE(frames.length, frames.length * 8);
  table.writeUInt32LE(0x8f92eab1, frames.length * 8 + 5);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x184d2a5e, 0);
  head.writeUInt32LE(table.length, 4);
  return Buffer.concat([...frames, head, table]);
}

async function pathsIn(bytes: Buffer): Promise<string[] | undefined> {
  const path = join(folder, "shot.blend");
  await writeFile(path, bytes);
  return readNamedFiles(path);
}

const CACHES = ["//caches/hero.abc", "/studio/größe/set.usdc", "P:\\publish\\cloth.pc2"];
const PATHS = [...CACHES, "//textures/wood.<UDIM>.png", "//lib/props.blend"];

test.each([
  ["plain", (bytes: Buffer) => bytes],
  ["gzip", (bytes: Buffer) => gzipSync(bytes)],
  ["zstd", zstdFrames],
])("what a %s .blend names is found", async (_name, pack) => {
  const found = await pathsIn(pack(content(...PATHS, "//notes.txt")));
  expect(found).toEqual([...PATHS].sort());
  expect(found?.filter(isCache)).toEqual([...CACHES].sort());
});

test.each([
  ["no .blend", Buffer.from("something else")],
  ["nothing", Buffer.alloc(0)],
  ["cut off", zstdFrames(content(...PATHS)).subarray(0, 50)],
])("%s is not looked into", async (_name, bytes) => {
  expect(await pathsIn(bytes)).toBeUndefined();
});

test("drop-in reports what the .blend needs and does not get, and what it does not refer to", async () => {
  const blend = join(folder, "light.blend");
  await writeFile(blend, content("//caches/hero.abc", "//caches/set.abc", "/studio/old.abc"));
  const caches = ["hero", "extra"].map((name) => ({
    name,
    path: join(folder, `${name}.abc`),
    format: "abc" as const,
    roots: [],
  }));
  for (const { path } of caches) await writeFile(path, "cache");
  const signal = new AbortController().signal;
  const options = { folder: join(folder, "job"), signal, say: () => undefined };
  const { report } = await prepareScene(makeRequest({ blend, caches }), options);
  expect(report.warnings).toEqual([
    expect.stringMatching(/^light\.blend refers to \/studio\/old\.abc by its full path/),
    expect.stringMatching(/^light\.blend refers to caches\/set\.abc, which was not packed/),
    expect.stringMatching(/^light\.blend does not refer to caches\/extra\.abc/),
  ]);
});

import { openAsBlob } from "node:fs";
import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { uploadSource } from "../src/adapter.ts";
import { blobSource, createClient, preflight } from "../src/index.ts";
import { openSource } from "../src/node/index.ts";
import { makeZip } from "./make-zip.ts";
import { startSandbox } from "./with-sandbox.ts";

const BLEND = Buffer.from(`BLENDER-v304${"REND".padEnd(80, "\0")}ENDB${"\0".repeat(20)}`);
const LONG_BLEND = Buffer.concat([BLEND.subarray(0, -24), Buffer.alloc(300_000, "x"), BLEND.subarray(-24)]);

async function writeScene(name: string, content: Buffer): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "renderjuice-blob-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

describe("a Blob shows preflight what the file would show:", () => {
  test.each([
    ["a scene", "shot.blend", BLEND],
    ["a long scene", "shot.blend", LONG_BLEND],
    ["a scene that is cut off", "shot.blend", LONG_BLEND.subarray(0, 200_000)],
    ["a compressed scene", "shot.blend", zstdCompressSync(LONG_BLEND)],
    ["a compressed scene that is cut off", "shot.blend", zstdCompressSync(LONG_BLEND).subarray(0, -9)],
    ["nothing", "shot.blend", Buffer.alloc(0)],
    ["an archive", "shot.ZIP", makeZip([{ name: "shot.blend", content: BLEND }, { name: "a/b.png" }], "…")],
    ["a scene under another name", "shot.fbx", BLEND],
  ])("%s", async (_what, name, content) => {
    const path = await writeScene(name, content);
    const { insides: _, ...facts } = await (await openSource(path)).readFacts();
    const source = blobSource(await openAsBlob(path), { fileName: name });
    const found = await source.readFacts();
    const bytes = ({ head, tail }: typeof facts) => [head, tail].map((part) => part && Buffer.from(part));
    expect(bytes(found)).toEqual(bytes(facts));
    expect({ ...found, head: 0, tail: 0 }).toEqual({ ...facts, head: 0, tail: 0 });
    expect(preflight(found).issues).toEqual(preflight(facts).issues);
  });

  test("a file that is not an archive", async () => {
    const source = blobSource(new Blob([BLEND]), { fileName: "shot.zip" });
    expect((await source.readFacts()).zipProblem).toMatch(/\w/);
  });

  test("the table of contents of a large archive, of which only the end is read", async () => {
    const large = makeZip([
      { name: "shot.blend", content: BLEND },
      { name: "cache.bin", content: Buffer.alloc(6_000_000), method: 0 },
    ]);
    const { zipEntries, zipProblem } = await blobSource(new File([large], "shot.zip")).readFacts();
    expect(zipEntries?.map(({ name }) => name)).toEqual(["shot.blend", "cache.bin"]);
    expect(zipProblem).toBeUndefined();
  });
});

test("a File has its own name, which another may replace; a Blob without one is refused", () => {
  const file = new File([BLEND], "shot.blend");
  expect(blobSource(file)).toMatchObject({
    fileName: "shot.blend",
    fileType: "blend",
    sizeBytes: BLEND.length,
  });
  expect(blobSource(file, { fileName: "a.zip" })).toMatchObject({ fileName: "a.zip", fileType: "zip" });
  expect(() => blobSource(new Blob([BLEND]))).toThrow(expect.objectContaining({ code: "invalid_option" }));
});

test("the bytes come whole and in order, as often as they are asked for", async () => {
  const content = Buffer.concat(Array.from({ length: 20 }, (_, index) => Buffer.alloc(300_000, index)));
  const source = blobSource(new File([content], "shot.blend"));
  for (let round = 0; round < 2; round++) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of source.open()) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(content)).toBe(true);
  }
});

test("a file that is saved after it was chosen is not uploaded, and the error says so", async () => {
  await using setup = await startSandbox();
  const { apiKey, baseUrl } = setup.clientOptions;
  const client = createClient({ apiKey, baseUrl, retry: { maxAttempts: 1 } });
  const path = await setup.writeScene();
  const source = blobSource(await openAsBlob(path), { fileName: "shot.blend" });
  await appendFile(path, "more");
  await expect(uploadSource(client, source)).rejects.toMatchObject({ code: "source_changed" });
  await expect(source.readFacts()).rejects.toMatchObject({ code: "source_changed" });
});

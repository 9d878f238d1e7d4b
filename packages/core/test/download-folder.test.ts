import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFile,
  chmod,
  copyFile,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import type { Job } from "../src/index.ts";
import { checkOutputFile, replaceFile } from "../src/node/adapter.ts";
import { drawExr, drawPicture } from "./pictures.ts";
import { type FileAnswer, sendWhole, serveFiles } from "./with-files.ts";

const PICTURE = drawPicture(7);
const OTHER = drawPicture(13);
const CHILD = new URL("download-child.ts", import.meta.url).pathname;
const isWindows = process.platform === "win32";
const sendPicture: FileAnswer = (_request, response) => sendWhole(response, PICTURE);

/** Half of the file, and the rest when the test lets it go. */
function createHeldFiles() {
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const answer: FileAnswer = (_request, response) => {
    response.writeHead(200, { "content-length": PICTURE.length });
    response.write(PICTURE.subarray(0, PICTURE.length / 2), () => begun.resolve());
    void gate.promise.then(() => response.end(PICTURE.subarray(PICTURE.length / 2)));
  };
  return { answer, begun: begun.promise, letGo: gate.resolve };
}

const makePipe = (path: string) => promisify(execFile)("mkfifo", [path]);
const partsIn = async (folder: string) => (await readdir(folder)).filter((name) => name.endsWith(".part"));
const framesIn = async (folder: string) => (await readdir(folder)).filter((name) => !name.startsWith("."));

describe("a disk that takes no more", () => {
  // The system writes as much as fits and says so; only the next write fails.
  test.skipIf(isWindows)("makes no frame of half a picture, and says what is the matter", async () => {
    await using farm = await serveFiles([{ fileName: "a_0001.png" }], sendPicture);
    const command = `ulimit -f 64; exec "${process.execPath}" "${CHILD}" ${farm.url} "${farm.outDir}"`;
    const { stdout } = await promisify(execFile)("sh", ["-c", command]);
    expect(JSON.parse(stdout)).toEqual({
      code: "file_system_error",
      systemCode: "EFBIG",
      message: expect.stringContaining(join(farm.outDir, "a_0001.png")),
    });
    expect(await framesIn(farm.outDir)).toEqual([]);
    expect(await partsIn(farm.outDir)).toEqual([]);
  });

  test.skipIf(isWindows)("makes no record of half a text, and leaves the one that was there", async () => {
    await using farm = await serveFiles([], sendPicture);
    const path = join(farm.folder, "state.json");
    await writeFile(path, "before");
    const child = new URL("write-child.ts", import.meta.url).pathname;
    const command = `ulimit -f 8; exec "${process.execPath}" "${child}" "${path}" 50000`;
    const { stdout } = await promisify(execFile)("sh", ["-c", command]);
    expect(stdout).toBe("file_system_error EFBIG");
    expect(await readFile(path, "utf8")).toBe("before");
    expect(await readdir(farm.folder)).toEqual(["state.json"]);
  });

  test.skipIf(process.platform !== "linux")("leaves what was written before as it was", async () => {
    await using farm = await serveFiles([], sendPicture);
    const path = join(farm.folder, "state.json");
    await replaceFile(path, "before");
    await expect(replaceFile("/dev/full/state.json", "x")).rejects.toMatchObject({
      code: "file_system_error",
    });
    await mkdir(join(farm.folder, "taken"));
    await expect(replaceFile(join(farm.folder, "taken"), "x")).rejects.toMatchObject({
      systemCode: "EISDIR",
    });
    expect(await readFile(path, "utf8")).toBe("before");
    expect((await readdir(farm.folder)).sort()).toEqual(["state.json", "taken"]);
  });
});

describe("one file that cannot be written", () => {
  test("does not keep the others from coming", async () => {
    const names = ["a_0001.png", "a_0002.png", "a_0003.png"].map((fileName) => ({ fileName }));
    await using farm = await serveFiles(names, sendPicture);
    await mkdir(join(farm.outDir, "a_0002.png"), { recursive: true });
    const { files, failedFiles } = await farm.download({ frames: [1, 2, 3] });
    expect(files.map(({ frame }) => frame)).toEqual([1, 3]);
    expect(failedFiles).toEqual([
      {
        ...{ relativePath: "a_0002.png", frame: 2, code: "file_system_error" },
        reason: expect.stringMatching(/there is a folder with that name.*Move that folder away/),
      },
    ]);
  });

  test("nor do names that no disk takes", async () => {
    const long = `${"長".repeat(200)}_0002.png`;
    const names = ["a_0001.png", long, "..", "a_0003.png/x_0003.png", "a_0003.png"];
    await using farm = await serveFiles(
      names.map((fileName) => ({ fileName, relativePath: fileName })),
      sendPicture,
    );
    const { files, failedFiles } = await farm.download();
    expect(files.map(({ frame }) => frame)).toEqual([1, 2, 3, 3]);
    expect(failedFiles).toMatchObject([{ relativePath: "..", code: "unsafe_path" }]);
    for (const { path } of files) expect(await readFile(path)).toEqual(PICTURE);
  });
});

describe("links in the output folder", () => {
  test.skipIf(isWindows)("are not followed out of it", async () => {
    const outputs = [
      { relativePath: "away/a_0001.png" },
      { relativePath: "b_0001.png" },
      { relativePath: "c/d_1.png" },
    ];
    await using farm = await serveFiles(outputs, sendPicture);
    const outside = join(farm.folder, "outside");
    await mkdir(outside);
    await mkdir(join(farm.outDir, "real"), { recursive: true });
    await writeFile(join(outside, "mine.png"), "mine");
    await symlink(outside, join(farm.outDir, "away"));
    await symlink(join(outside, "mine.png"), join(farm.outDir, "b_0001.png"));
    await symlink(join(outside, "mine.png"), join(farm.outDir, "b_0001.png.part"));
    await symlink("real", join(farm.outDir, "c"));
    const { files, failedFiles } = await farm.download();
    expect(files.map(({ relativePath }) => relativePath)).toEqual(["b_0001.png", "c/d_1.png"]);
    expect(failedFiles).toMatchObject([{ relativePath: "away/a_0001.png", code: "file_system_error" }]);
    expect(await readdir(outside)).toEqual(["mine.png"]);
    expect(await readFile(join(outside, "mine.png"), "utf8")).toBe("mine");
    expect(await readdir(join(farm.outDir, "real"))).toEqual(["d_1.png"]);
  });

  test.skipIf(isWindows)("nor is that of the record", async () => {
    await using farm = await serveFiles([{ fileName: "a_0001.png" }], sendPicture);
    await mkdir(farm.outDir);
    await mkdir(join(farm.folder, "outside"));
    await symlink(join(farm.folder, "outside"), join(farm.outDir, ".renderjuice"));
    await expect(farm.download()).rejects.toMatchObject({ code: "file_system_error", systemCode: "EXDEV" });
    expect(await readdir(join(farm.folder, "outside"))).toEqual([]);
  });
});

// Windows has no pipes that lie in a folder.
describe.skipIf(isWindows)("a pipe", () => {
  test("in the place of a file stays one, and only that file is not brought", async () => {
    const outputs = [{ fileName: "a_0001.png" }, { fileName: "a_0002.png" }];
    await using farm = await serveFiles(outputs, sendPicture);
    await mkdir(farm.outDir);
    await makePipe(join(farm.outDir, "a_0001.png"));
    const { files, failedFiles } = await farm.download();
    expect(files.map(({ relativePath }) => relativePath)).toEqual(["a_0002.png"]);
    expect(failedFiles).toMatchObject([{ relativePath: "a_0001.png", code: "file_system_error" }]);
    expect((await stat(join(farm.outDir, "a_0001.png"))).isFIFO()).toBe(true);
  });

  test("in the place of the record is not waited for", async () => {
    await using farm = await serveFiles([{ fileName: "a_0001.png" }], sendPicture);
    await mkdir(join(farm.outDir, ".renderjuice"), { recursive: true });
    await makePipe(join(farm.outDir, ".renderjuice", "j1.jsonl"));
    await expect(farm.download()).rejects.toMatchObject({ systemCode: "EFTYPE" });
  });

  test.each(["pipe", "link"])(
    "that a file is to be written to (%s) is refused, and stays one",
    async (name) => {
      await using farm = await serveFiles([], sendPicture);
      await makePipe(join(farm.folder, "pipe"));
      await symlink("pipe", join(farm.folder, "link"));
      const path = join(farm.folder, name);
      await expect(checkOutputFile(path)).rejects.toMatchObject({ systemCode: "EFTYPE" });
      await expect(replaceFile(path, "text")).rejects.toMatchObject({ systemCode: "EFTYPE" });
      expect((await stat(path)).isFIFO()).toBe(true);
      expect((await readdir(farm.folder)).sort()).toEqual(["link", "pipe"]);
    },
  );
});

describe("two downloads into one folder", () => {
  test("at the same time do not disturb each other", async () => {
    const held = createHeldFiles();
    await using farm = await serveFiles([{ fileName: "a_0001.png" }], held.answer);
    const stop = new AbortController();
    const [first, second, third] = [farm.download(), farm.download({ signal: stop.signal }), farm.download()];
    await expect.poll(() => partsIn(farm.outDir)).toHaveLength(3);
    stop.abort();
    await expect(second).rejects.toThrow();
    held.letGo();
    for (const summary of [await first, await third]) expect(summary.files).toHaveLength(1);
    expect(await readFile(join(farm.outDir, "a_0001.png"))).toEqual(PICTURE);
    expect(await partsIn(farm.outDir)).toEqual([]);
  });

  test("what one leaves behind that was killed, the next one removes; what others are at, it leaves", async () => {
    const held = createHeldFiles();
    await using farm = await serveFiles([{ fileName: "a_0001.png" }], held.answer);
    const child = spawn(process.execPath, [CHILD, farm.url, farm.outDir]);
    await held.begun;
    const mine = farm.download();
    await expect.poll(() => partsIn(farm.outDir)).toHaveLength(2);
    child.kill("SIGKILL");
    await once(child, "exit");
    const elsewhere = ".renderjuice-0123456789ab-1-0123456789abcdef.part";
    const abandoned = ".renderjuice-0123456789ab-2-0123456789abcdef.part";
    for (const name of [elsewhere, abandoned]) await writeFile(join(farm.outDir, name), "half");
    await utimes(join(farm.outDir, abandoned), 0, 0);
    const next = farm.download();
    // Its own and that of the one that runs; that of another machine may belong to somebody.
    await expect.poll(() => partsIn(farm.outDir)).toHaveLength(3);
    held.letGo();
    await Promise.all([mine, next]);
    expect(await partsIn(farm.outDir)).toEqual([elsewhere]);
  });

  test("of two jobs do not take each other's files for their own", async () => {
    let content = PICTURE;
    await using farm = await serveFiles([{ fileName: "a_0001.png" }], (_request, response) =>
      sendWhole(response, content),
    );
    await farm.download({ jobId: "one" });
    content = OTHER;
    const { files } = await farm.download({ jobId: "two" });
    expect(files.map(({ wasSkipped }) => wasSkipped)).toEqual([false]);
    content = PICTURE;
    const again = await farm.download({ jobId: "one" });
    expect(again.files.map(({ wasSkipped }) => wasSkipped)).toEqual([false]);
    expect(await readFile(join(farm.outDir, "a_0001.png"))).toEqual(PICTURE);
  });
});

describe("the record of a job", () => {
  const fetched = async (farm: Awaited<ReturnType<typeof serveFiles>>, onlyMissing = false) =>
    (await farm.download({ onlyMissing })).files.filter(({ wasSkipped }) => !wasSkipped).length;

  test("knows a file that was copied or restored by its content", async () => {
    await using farm = await serveFiles([{ fileName: "a_0001.png" }], sendPicture);
    await farm.download();
    const path = join(farm.outDir, "a_0001.png");
    await copyFile(path, `${path}.copy`);
    await rename(`${path}.copy`, path);
    await utimes(path, 1, 1);
    expect(await fetched(farm)).toBe(0);
  });

  test("does not know one of the same size with another content", async () => {
    await using farm = await serveFiles([{ fileName: "a_0001.png" }], sendPicture);
    await farm.download();
    const path = join(farm.outDir, "a_0001.png");
    const before = await stat(path);
    await writeFile(`${path}.new`, OTHER);
    await rename(`${path}.new`, path);
    await utimes(path, before.atime, before.mtime);
    expect(await fetched(farm)).toBe(1);
  });

  test("is read around what a crash or another program has left in it", async () => {
    const outputs = [{ fileName: "a_0001.png" }, { fileName: "a_0002.png" }];
    await using farm = await serveFiles(outputs, sendPicture);
    await farm.download();
    const record = join(farm.outDir, ".renderjuice", "j1.jsonl");
    const [first = "", ...others] = (await readFile(record, "utf8")).split("\n").filter(Boolean);
    expect(others).toHaveLength(1);
    await writeFile(record, `${first}\n{"relativePath":"a_0002.png","sizeBy`);
    expect(await fetched(farm)).toBe(1);
    expect(await fetched(farm)).toBe(0);
    await appendFile(record, '\nnull\n{"relativePath":"a_0001.png","sizeBytes":1}\n');
    expect(await fetched(farm)).toBe(0);
  });

  test.each([
    ["a.png", "a bit is wrong in", (content: Buffer) => content.fill(0xff, 50_000, 50_001)],
    ["a.png", "the end is missing of", (content: Buffer) => content.subarray(0, -1)],
    ["a.exr", "the end is missing of", (content: Buffer) => content.subarray(0, -1)],
    ["a.txt", "nothing can be said about", (content: Buffer) => content],
  ])("%s: where %s a file that nobody has recorded, it is not there", async (fileName, _what, spoil) => {
    const content = fileName.endsWith(".exr") ? drawExr() : PICTURE;
    await using farm = await serveFiles([{ fileName }], (_request, response) => sendWhole(response, content));
    await mkdir(farm.outDir);
    await writeFile(join(farm.outDir, fileName), spoil(Buffer.from(content)));
    expect(await fetched(farm, true)).toBe(1);
  });
});

test("the frames that are asked for tell how the names are read", async () => {
  const names = ["s_00051.png", "s_00061.png", "s_00052.png", "s_00062.png"];
  const outputs = names.map((fileName) => ({ fileName, view: fileName.endsWith("1.png") ? "one" : "two" }));
  await using farm = await serveFiles(outputs, sendPicture);
  const summary = await farm.download({ frames: [6], framePattern: "shot_##" });
  expect(summary).toMatchObject({ missingFrames: [], failedFiles: [] });
  expect(await framesIn(farm.outDir)).toEqual(["shot_06_one.png", "shot_06_two.png"]);
});

test("a picture with a hole in its pixels that nobody has recorded is not there", async () => {
  const picture = await readFile(new URL("samples/zip.exr", import.meta.url));
  await using farm = await serveFiles([{ fileName: "a_0001.exr" }], (_request, response) =>
    sendWhole(response, picture),
  );
  await mkdir(farm.outDir);
  const path = join(farm.outDir, "a_0001.exr");
  await writeFile(path, Buffer.from(picture).fill(0, 1040, 1048));
  const { files } = await farm.download({ onlyMissing: true });
  expect(files.map(({ wasSkipped }) => wasSkipped)).toEqual([false]);
  expect(await readFile(path)).toEqual(picture);
  await rm(join(farm.outDir, ".renderjuice"), { recursive: true });
  const again = await farm.download({ onlyMissing: true });
  expect(again.files.map(({ wasSkipped }) => wasSkipped)).toEqual([true]);
});

describe("an output folder that cannot be used", () => {
  const submit = async (farm: Awaited<ReturnType<typeof serveFiles>>, outDir: string) => {
    const scene = join(farm.folder, "shot.blend");
    await writeFile(scene, "BLENDER-v304");
    const handle = farm.client.submit(scene, { download: { outDir } });
    return handle.catch((error: unknown) => error);
  };

  test.each([
    ["below a file", "file/frames", "ENOTDIR"],
    ["a file", "file", "EEXIST"],
    ["a link to nowhere", "dangling", "ENOENT"],
    ["below a link to nowhere", "dangling/frames", "ENOENT"],
    ["a link to itself", "circle", "ELOOP"],
    ["a name that is too long", "x".repeat(300), "ENAMETOOLONG"],
  ])("is refused before anything is sent: %s", async (_what, name, systemCode) => {
    const requests: string[] = [];
    await using farm = await serveFiles([], (request) => void requests.push(request.url ?? ""));
    await writeFile(join(farm.folder, "file"), "");
    await symlink("nowhere", join(farm.folder, "dangling"));
    await symlink("circle", join(farm.folder, "circle"));
    const error = await submit(farm, join(farm.folder, name));
    expect(error).toMatchObject({ code: "file_system_error", hint: expect.stringMatching(/folder/) });
    expect([systemCode, "ENOENT", "EEXIST", "ELOOP"]).toContain((error as { systemCode: string }).systemCode);
    expect(requests).toEqual([]);
  });

  test.skipIf(isWindows).each([
    ["a file", (path: string) => writeFile(path, ""), "EEXIST"],
    ["a link that leads out", (path: string) => symlink("/", path), "EXDEV"],
    ["a link to nowhere", (path: string) => symlink("nowhere", path), "ENOENT"],
    ["a pipe", makePipe, "EEXIST"],
  ])("also where its records cannot be kept: %s", async (_what, spoil, systemCode) => {
    const requests: string[] = [];
    await using farm = await serveFiles([], (request) => void requests.push(request.url ?? ""));
    await mkdir(farm.outDir);
    await spoil(join(farm.outDir, ".renderjuice"));
    expect(await submit(farm, farm.outDir)).toMatchObject({ code: "file_system_error", systemCode });
    expect(requests).toEqual([]);
  });

  test.skipIf(isWindows || process.getuid?.() === 0)("also where they belong to somebody else", async () => {
    await using farm = await serveFiles([], sendPicture);
    const records = join(farm.outDir, ".renderjuice");
    await mkdir(records, { recursive: true });
    await chmod(records, 0o500);
    expect(await submit(farm, farm.outDir)).toMatchObject({ systemCode: "EACCES", path: records });
    await chmod(records, 0o700);
  });

  test("also where it has an empty name, which would be the current folder", async () => {
    await using farm = await serveFiles([{ fileName: "a_0001.png" }], sendPicture);
    const refusal = { code: "invalid_option", option: "outDir" };
    expect(await submit(farm, "")).toMatchObject(refusal);
    await expect(farm.download({ outDir: "" })).rejects.toMatchObject(refusal);
    await expect(checkOutputFile("")).rejects.toMatchObject({ code: "invalid_option", option: "outFile" });
  });

  test.skipIf(process.platform !== "linux")("also where Node would look for it for ever", async () => {
    await using farm = await serveFiles([], sendPicture);
    expect(await submit(farm, "/proc/nope/frames")).toMatchObject({ systemCode: "ENOENT" });
    expect(await submit(farm, "/dev/full")).toMatchObject({ code: "file_system_error" });
  });

  test.skipIf(isWindows || process.getuid?.() === 0)("also where this user may not write", async () => {
    await using farm = await serveFiles([], sendPicture);
    await mkdir(farm.outDir);
    await chmod(farm.outDir, 0o500);
    expect(await submit(farm, farm.outDir)).toMatchObject({ systemCode: "EACCES" });
    await chmod(farm.outDir, 0o700);
  });

  test("a folder that can be created is created, and nothing is left in it", async () => {
    await using farm = await serveFiles([{ fileName: "a_0001.png" }], sendPicture);
    const outDir = join(farm.folder, "deep", "down");
    await farm.client.download({ id: "j1", status: "completed" } as Job, { outDir });
    expect((await readdir(outDir)).sort()).toEqual([".renderjuice", "a_0001.png"]);
    await rm(outDir, { recursive: true });
  });
});

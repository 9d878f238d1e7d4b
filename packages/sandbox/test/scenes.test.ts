import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { describe, expect, onTestFinished, test } from "vitest";
import yazl from "yazl";
import type { SandboxOptions } from "../src/index.ts";
import { SCENE, startSandbox } from "./with-sandbox.ts";

/** Signatures of an entry's two headers, and where their flags are. */
const HEADERS = [
  ["PK\x03\x04", 6],
  ["PK\x01\x02", 8],
] as const;

interface Entry {
  readonly name: string;
  readonly content?: Buffer;
  /** Unix mode. */
  readonly mode?: number;
}

async function zip(entries: readonly Entry[]): Promise<Buffer> {
  const file = new yazl.ZipFile();
  for (const { name, content = SCENE, mode = 0o100644 } of entries) file.addBuffer(content, name, { mode });
  file.end();
  return buffer(file.outputStream);
}

/** An archive with names that an honest archiver would not write. */
async function zipWithName(name: string): Promise<Buffer> {
  const placeholder = "x".repeat(Buffer.byteLength(name));
  const archive = await zip([{ name: placeholder }, { name: "shot.blend" }]);
  for (let at = archive.indexOf(placeholder); at >= 0; at = archive.indexOf(placeholder, at + 1))
    archive.write(name, at);
  return archive;
}

/** Validates an archive, or what calls itself a scene. @returns the job as it is then */
async function validate(content: Buffer, fileName = "shot.zip", options: SandboxOptions = {}) {
  await using setup = await startSandbox(options);
  const { id } = await setup.api.createJob(content, fileName);
  await setup.api.validate(id);
  await expect
    .poll(async () => (await setup.api.getJob(id)).status, { interval: 1 })
    .toMatch(/validated|failed/);
  return await setup.api.getJob(id);
}

describe("a zip with a scene", () => {
  // Nothing but the first is a scene: a wrong choice fails.
  test.each([
    ["at its root", ["shot.blend", "textures/wood.png"]],
    ["in a folder", ["shot/shot.blend", "shot/textures/wood.png"]],
    ["named as the zip", ["shot.blend", "a/props.blend", "library/deep/set.blend"]],
    ["named as the zip, deeper than its library", ["a/deep/Shot.blend", "props.blend", "readme.txt"]],
    ["whose name is in capitals", ["SHOT.BLEND"]],
    ["whose name is not English", ["Küche/場面 1.blend"]],
    ["beside its backup", ["shot.blend", "shot.blend1"]],
    ["from a disk that a Mac has used", ["shot.blend", "textures/._wood.blend"]],
    ["packed on a Mac", ["shot.blend", "._shot.blend", "__MACOSX/shot.blend"]],
  ])("%s is validated", async (_where, [scene = "", ...others]) => {
    const entries = [...others.map((name) => ({ name, content: Buffer.from("text") })), { name: scene }];
    expect(await validate(await zip(entries))).toMatchObject({ status: "validated" });
  });

  test("and a name in an old code page is validated", async () => {
    const archive = await zip([{ name: "shot.blend" }, { name: "k_che.png" }]);
    // 0x81 is ü in code page 437; the flag for UTF-8 goes from both headers.
    for (let at = archive.indexOf("k_che"); at >= 0; at = archive.indexOf("k_che", at + 1))
      archive[at + 1] = 0x81;
    for (const [signature, flagsAt] of HEADERS)
      for (
        let at = archive.indexOf(signature, 0, "latin1");
        at >= 0;
        at = archive.indexOf(signature, at + 1, "latin1")
      )
        archive.writeUInt16LE(archive.readUInt16LE(at + flagsAt) & ~0x800, at + flagsAt);
    expect(await validate(archive)).toMatchObject({ status: "validated" });
  });

  test("that is not really a scene fails with its name", async () => {
    const archive = await zip([{ name: "shot.blend", content: Buffer.from("text") }]);
    expect(await validate(archive)).toMatchObject({
      failedReason: { type: "scene_unreadable", name: "shot.blend is not a Blender scene." },
    });
  });
});

describe("a zip that cannot be rendered ends as a failed job that says why:", () => {
  test.each([
    ["no scene", () => zip([{ name: "readme.txt" }]), "scene_missing", /has no \.blend/],
    [
      "two scenes side by side",
      () => zip([{ name: "a.blend" }, { name: "b.blend" }]),
      "scene_ambiguous",
      /a\.blend, b\.blend/,
    ],
    [
      "a scene nearer to the top than another",
      () => zip([{ name: "hero.blend" }, { name: "shots/sh010.blend" }]),
      "scene_ambiguous",
      /hero\.blend, shots\/sh010\.blend/,
    ],
    [
      "many scenes",
      () => zip([1, 2, 3, 4, 5, 6, 7].map((number) => ({ name: `shots/${number}.blend` }))),
      "scene_ambiguous",
      /7 scenes.*5\.blend and 2 more\. .*give the zip the name/,
    ],
    ["only what a Mac keeps beside a scene", () => zip([{ name: "._shot.blend" }]), "scene_missing", /no/],
    ["nothing in it", () => zip([]), "scene_missing", /has no \.blend/],
    [
      "a scene in each of two folders",
      () => zip([{ name: "a/shot.blend" }, { name: "b/shot.blend" }]),
      "scene_ambiguous",
      /a\/shot\.blend, b\/shot\.blend/,
    ],
    ["a way out", () => zipWithName("../../evil.txt"), "archive_unreadable", /\.\./],
    ["an absolute name", () => zipWithName("/etc/evil.txt"), "archive_unreadable", /absolute/],
    [
      "a symbolic link",
      () =>
        zip([{ name: "shot.blend" }, { name: "link", content: Buffer.from("/etc/passwd"), mode: 0o120777 }]),
      "archive_unsafe",
      /symbolic link/,
    ],
    ["no zip at all", async () => Buffer.from("PK but no more"), "archive_unreadable", /cannot be unpacked/],
    [
      "half a zip",
      async () => (await zip([{ name: "shot.blend" }])).subarray(0, 60),
      "archive_unreadable",
      /unpacked/,
    ],
    [
      "two files with one name",
      () => zip([{ name: "shot.blend" }, { name: "shot.blend" }]),
      "archive_unsafe",
      /two entries/,
    ],
    [
      "a file where another needs a folder",
      () => zip([{ name: "shot.blend" }, { name: "x" }, { name: "x/y" }]),
      "archive_unsafe",
      /two entries named "x\/y"/,
    ],
    [
      "a folder where another is a file",
      () => zip([{ name: "shot.blend" }, { name: "x/y" }, { name: "x" }]),
      "archive_unsafe",
      /two entries named "x"/,
    ],
    [
      "a name too long in bytes, not in characters",
      () => zip([{ name: "shot.blend" }, { name: `${"場".repeat(100)}.png` }]),
      "archive_unsafe",
      /too long: 304 bytes/,
    ],
    [
      "a path too long",
      () => zip([{ name: "shot.blend" }, { name: `${"deep/".repeat(300)}x.png` }]),
      "archive_unsafe",
      /too long/,
    ],
    [
      "a bomb",
      () => zip([{ name: "shot.blend" }, { name: "z", content: Buffer.alloc(120_000_000) }]),
      "archive_too_large",
      /0\.1 GiB, \d+ times its size/,
    ],
    [
      "a method that nobody unpacks",
      () => patched("PK\x01\x02", 10, 2, 14),
      "archive_unreadable",
      /compression method: 14/,
    ],
    [
      "an entry longer than it says",
      () => patched("PK\x01\x02", 24, 4, 1),
      "archive_unreadable",
      /too many bytes/,
    ],
    [
      "an entry shorter than it says",
      () => patched("PK\x01\x02", 24, 4, 5000),
      "archive_unreadable",
      /not enough bytes/,
    ],
    [
      "a table of contents elsewhere",
      () => patched("PK\x05\x06", 16, 4, 0xfffffff0),
      "archive_unreadable",
      /unpacked/,
    ],
    [
      "more entries promised than there are",
      () => patched("PK\x05\x06", 10, 2, 9),
      "archive_unreadable",
      /unpacked/,
    ],
    ["a zip64 that is none", () => patched("PK\x05\x06", 10, 2, 0xffff), "archive_unreadable", /unpacked/],
    [
      "something behind its end",
      async () => Buffer.concat([await zip([{ name: "shot.blend" }]), SCENE]),
      "archive_unreadable",
      /unpacked/,
    ],
    ["an encrypted entry", encrypted, "archive_encrypted", /encrypted/],
  ])("%s", async (_what, create, type, message) => {
    const { status, failedReason } = await validate(await create());
    expect(status).toBe("failed");
    expect(failedReason).toEqual({ type, name: expect.stringMatching(message) });
  });
});

describe("nothing is written outside the data folder", () => {
  test.each([
    ["shot.zip", () => zipWithName("../../../../evil.blend")],
    ["shot.zip", () => zipWithName("a/../../../../../evil.blend")],
    ["../../../../evil.blend", async () => SCENE],
    ["/tmp/evil.blend", async () => SCENE],
    ["..\\..\\..\\..\\evil.blend", async () => SCENE],
    ["a\u0000b.blend", async () => SCENE],
  ])("by %j", async (fileName, create) => {
    const folder = await mkdtemp(join(tmpdir(), "renderjuice-scenes-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const { status } = await validate(await create(), fileName, { dataDir: join(folder, "data", "sandbox") });
    expect(status).toBe(fileName.endsWith(".zip") ? "failed" : "validated");
    expect(await readdir(folder)).toEqual(["data"]);
    expect(await readdir(join(folder, "data"))).toEqual(["sandbox"]);
    const evil = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith("evil.blend"));
    for (const path of evil) expect(path).toMatch(/jobs.[0-9a-f-]{36}.scene.evil\.blend$/);
  });
});

/** A sound archive with another number in one of its headers. */
async function patched(signature: string, offset: number, bytes: number, value: number): Promise<Buffer> {
  const archive = await zip([{ name: "shot.blend" }]);
  archive.writeUIntLE(value, archive.indexOf(signature, 0, "latin1") + offset, bytes);
  return archive;
}

/** With the flag that says so set in both of an entry's headers. */
async function encrypted(): Promise<Buffer> {
  const archive = await zip([{ name: "shot.blend" }]);
  for (const [signature, flagsAt] of HEADERS) {
    const at = archive.indexOf(signature, 0, "latin1") + flagsAt;
    archive.writeUInt16LE(archive.readUInt16LE(at) | 1, at);
  }
  return archive;
}

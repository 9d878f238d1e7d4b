import { buffer } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import yazl from "yazl";
import { SCENE, startSandbox } from "./with-sandbox.ts";

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

/** An archive whose names no honest archiver would write. */
async function zipWithName(name: string): Promise<Buffer> {
  const placeholder = "x".repeat(Buffer.byteLength(name));
  const archive = await zip([{ name: placeholder }, { name: "shot.blend" }]);
  for (let at = archive.indexOf(placeholder); at >= 0; at = archive.indexOf(placeholder, at + 1))
    archive.write(name, at);
  return archive;
}

/** Validates an archive. @returns the job as it is then */
async function validate(archive: Buffer) {
  await using setup = await startSandbox();
  const { id } = await setup.api.createJob(archive, "shot.zip");
  await setup.api.validate(id);
  await expect
    .poll(async () => (await setup.api.getJob(id)).status, { interval: 1 })
    .toMatch(/validated|failed/);
  return await setup.api.getJob(id);
}

describe("a zip with a scene", () => {
  test.each([
    ["at its root", ["shot.blend", "textures/wood.png"]],
    ["in a folder", ["shot/shot.blend", "shot/textures/wood.png"]],
    ["nearer to the root than others", ["shot.blend", "library/props.blend", "library/deep/set.blend"]],
    ["whose name is in capitals", ["SHOT.BLEND"]],
    ["packed on a Mac", ["shot.blend", "__MACOSX/._shot.blend"]],
  ])("%s is validated", async (_where, names) => {
    expect(await validate(await zip(names.map((name) => ({ name }))))).toMatchObject({ status: "validated" });
  });
});

describe("a zip that cannot be rendered ends as a failed job that says why:", () => {
  test.each([
    ["no scene", () => zip([{ name: "readme.txt" }]), "scene_missing", /holds no \.blend/],
    [
      "two scenes side by side",
      () => zip([{ name: "a.blend" }, { name: "b.blend" }]),
      "scene_ambiguous",
      /a\.blend, b\.blend/,
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
    ["an encrypted entry", encrypted, "archive_encrypted", /encrypted/],
  ])("%s", async (_what, create, type, message) => {
    const { status, failedReason } = await validate(await create());
    expect(status).toBe("failed");
    expect(failedReason).toEqual({ type, name: expect.stringMatching(message) });
  });
});

/** With the flag that says so set in both of an entry's headers. */
async function encrypted(): Promise<Buffer> {
  const archive = await zip([{ name: "shot.blend" }]);
  for (const [signature, flagsAt] of [
    ["PK\x03\x04", 6],
    ["PK\x01\x02", 8],
  ] as const) {
    const at = archive.indexOf(signature, 0, "latin1") + flagsAt;
    archive.writeUInt16LE(archive.readUInt16LE(at) | 1, at);
  }
  return archive;
}

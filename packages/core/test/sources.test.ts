import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { constants, gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { requireComplete } from "../src/adapter.ts";
import { preflight, type Source } from "../src/index.ts";
import { openSource } from "../src/node/index.ts";
import { listFolder } from "../src/node/source/list-folder.ts";
import { readZip } from "../src/node/source/read-zip.ts";
import { makeExr } from "./make-exr.ts";
import { type MadeEntry, makeZip } from "./make-zip.ts";
import { drawExr, drawPicture } from "./pictures.ts";

const BLEND = `BLENDER-v304${"REND".padEnd(80, "\0")}ENDB${"\0".repeat(20)}`;
const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 12345\n`;

/** @returns a folder with these files in it */
async function createFolder(files: Readonly<Record<string, string | Buffer>> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "renderjuice-source-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

/** A link that is made with its folder. */
async function link(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await symlink(target, path);
}

async function openZip(entries: readonly MadeEntry[], comment?: string): Promise<Source> {
  const folder = await createFolder({ "shot.zip": makeZip(entries, comment) });
  return openSource(join(folder, "shot.zip"));
}

/** What preflight says, and the names that are packed. */
async function examine(source: Source) {
  const facts = await source.readFacts();
  const { issues } = preflight(facts);
  return {
    packed: (facts.zipEntries ?? []).map(({ name }) => name).sort(),
    issues: issues.map(({ severity, ruleId }) => `${severity} ${ruleId}`),
    text: issues.map(({ message }) => message).join("\n"),
  };
}

describe("of a folder are left out", () => {
  test("clutter, without a word", async () => {
    const folder = await createFolder({
      "shot.blend": BLEND,
      "shot.blend1": BLEND,
      "shot.blend12": BLEND,
      "._shot.blend": "\0\x05\x16\x07",
      "textures/._wood.png": "\0\x05\x16\x07",
      "__MACOSX/shot.blend": BLEND,
      "Thumbs.db": "t",
      "textures/wood.png": "w",
    });
    expect(await examine(await openSource(folder))).toMatchObject({
      packed: ["shot.blend", "textures/wood.png"],
      issues: [],
    });
  });

  test("keys, passwords and repositories, which is said", async () => {
    const folder = await createFolder({
      "shot.blend": BLEND,
      ".env": "KEY=1",
      ".env.local": "KEY=1",
      ".git/config": "c",
      ".ssh/id_rsa": "k",
      "keys/deploy.pem": "k",
      "keys/unsuspicious.txt": "-----BEGIN OPENSSH PRIVATE KEY-----\n",
      "textures/wood.png": "w",
    });
    const { packed, issues, text } = await examine(await openSource(folder));
    expect(packed).toEqual(["shot.blend", "textures/wood.png"]);
    expect(issues).toEqual(["info folder-secret"]);
    expect(text).toContain(".env, .env.local, .git and 3 more");
  });

  test("the frames of an earlier render, which is said", async () => {
    const folder = await createFolder({
      "shot.blend": BLEND,
      "frames/shot_0001.png": "f",
      "frames/.renderjuice/job.jsonl": '{"relativePath":"shot_0001.png","sizeBytes":1}\n',
    });
    const { packed, issues, text } = await examine(await openSource(folder));
    expect(packed).toEqual(["shot.blend"]);
    expect(issues).toEqual(["warning folder-output-folder"]);
    expect(text).toContain("frames");
  });

  test("the frames of an earlier render that were downloaded beside the scene", async () => {
    const folder = await createFolder({
      "shot.blend": BLEND,
      "wood.png": "w",
      "shot_0001.png": "f",
      ".renderjuice/job.jsonl": '{"relativePath":"shot_0001.png","sizeBytes":1}\n{"relativePa',
    });
    const { packed, issues, text } = await examine(await openSource(folder));
    expect(packed).toEqual(["shot.blend", "wood.png"]);
    expect(issues).toEqual(["warning folder-downloaded"]);
    expect(text).toContain("shot_0001.png");
  });

  test("pipes and sockets, which are not waited for", async () => {
    const folder = await createFolder({ "shot.blend": BLEND });
    execFileSync("mkfifo", [join(folder, "pipe.png")]);
    const server = createServer().listen(join(folder, "socket"));
    onTestFinished(() => void server.close());
    const { packed, issues } = await examine(await openSource(folder));
    expect(packed).toEqual(["shot.blend"]);
    expect(issues).toEqual(["warning folder-special-file"]);
    await expect(openSource(join(folder, "pipe.png"))).rejects.toMatchObject({ code: "source_unreadable" });
  });
});

describe("a link", () => {
  test("to a file or folder inside is followed", async () => {
    const folder = await createFolder({ "lib/wood.png": "w", "scenes/shot.blend": BLEND });
    await link("../lib/wood.png", join(folder, "textures/wood.png"));
    await link("lib", join(folder, "library"));
    await link("scenes/shot.blend", join(folder, "main.txt"));
    const source = await openSource(folder);
    expect(await examine(source)).toMatchObject({
      packed: [
        "lib/wood.png",
        "library/wood.png",
        "main.txt",
        "scenes/shot.blend",
        "textures/wood.png",
      ].sort(),
      issues: [],
    });
    expect((await buffer(source.open())).length).toBe(source.sizeBytes);
  });

  test("to a scene is a scene", async () => {
    const folder = await createFolder({ "versions/shot_v12.data": BLEND });
    await link("versions/shot_v12.data", join(folder, "shot.blend"));
    expect((await examine(await openSource(folder))).issues).toEqual([]);
  });

  test("that leads out of the folder is refused by name", async () => {
    const folder = await createFolder({ "lib/wood.png": "w", "scene/shot.blend": BLEND });
    await link("../../lib/wood.png", join(folder, "scene/textures/wood.png"));
    await link("../lib", join(folder, "scene/lib"));
    const { packed, issues, text } = await examine(await openSource(join(folder, "scene")));
    expect(packed).toEqual(["shot.blend"]);
    expect(issues).toEqual(["error folder-link-outside"]);
    expect(text).toContain("lib, textures/wood.png");
  });

  test("between two folders that are packed together is followed", async () => {
    const folder = await createFolder({ "lib/wood.png": "w", "scene/shot.blend": BLEND });
    await link("../../lib/wood.png", join(folder, "scene/textures/wood.png"));
    const source = await openSource([join(folder, "scene"), join(folder, "lib")]);
    expect(await examine(source)).toMatchObject({
      packed: ["lib/wood.png", "scene/shot.blend", "scene/textures/wood.png"],
      issues: [],
    });
  });

  test("to each other in so many ways that there is no end is refused", async () => {
    const folder = await createFolder({ "z.blend": BLEND });
    const names = Array.from({ length: 9 }, (_, index) => `d${index}`);
    for (const name of names) for (const other of names) await link(`../${other}`, join(folder, name, other));
    const { leftOut, files } = await listFolder({ path: folder, maxVisits: 1000 });
    expect(new Set(leftOut.map(({ reason }) => reason))).toEqual(new Set(["link-loop", "too-many"]));
    const entry = { sizeBytes: 1, isEncrypted: false, method: 0, isLink: false };
    const zipEntries = files.map(({ name }) => ({ ...entry, name, isNameUnicode: true }));
    const { issues } = preflight({ fileName: "a.zip", fileType: "zip", sizeBytes: 1, zipEntries, leftOut });
    // That there is no scene would be untrue: it was not looked for everywhere.
    expect(issues.map(({ ruleId }) => ruleId)).toEqual(["folder-link-loop", "folder-too-many"]);
  });

  test("to nothing, or in a circle, is named", async () => {
    const folder = await createFolder({ "shot.blend": BLEND, "a/x.png": "x" });
    await link("gone.png", join(folder, "wood.png"));
    await link("myself", join(folder, "myself"));
    await link("..", join(folder, "a/up"));
    await link("../b", join(folder, "a/b"));
    await link("../a", join(folder, "b/a"));
    const { issues, text } = await examine(await openSource(folder));
    expect(issues.sort()).toEqual(["warning folder-link-broken", "warning folder-link-loop"]);
    expect(text).toMatch(/myself, wood\.png/);
    expect(text).toMatch(/a\/up/);
  });

  test("to a secret is as secret", async () => {
    const folder = await createFolder({ "shot.blend": BLEND, ".env": "KEY=1" });
    await link(".env", join(folder, "wood.png"));
    const { packed, issues } = await examine(await openSource(folder));
    expect(packed).toEqual(["shot.blend"]);
    expect(issues).toEqual(["info folder-secret"]);
  });
});

describe("a name that cannot be packed", () => {
  test("is named: with a backslash, in no UTF-8, like a drive", async () => {
    const folder = await createFolder({ "shot.blend": BLEND, "tex\\wood.png": "w", "c:wood.png": "w" });
    await writeFile(
      Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0xfe]), Buffer.from(".png")]),
      "",
    );
    const { packed, issues, text } = await examine(await openSource(folder));
    expect(packed).toEqual(["shot.blend"]);
    expect(issues).toEqual(["error folder-unusable-name"]);
    expect(text).toContain("tex\\wood.png");
    expect(text).toContain("c:wood.png");
    expect(text).toContain("\uFFFD\uFFFD.png");
  });

  test("is named among files that are given one by one", async () => {
    const folder = await createFolder({ "shot.blend": BLEND, "tex\\wood.png": "w" });
    const source = await openSource([join(folder, "shot.blend"), join(folder, "tex\\wood.png")]);
    expect((await examine(source)).issues).toEqual(["error folder-unusable-name"]);
  });

  test("is none that is only odd", async () => {
    const folder = await createFolder({ "shot.blend": BLEND, "a\nb.png": "w", "\uFFFD.png": "w" });
    const source = await openSource(folder);
    expect(await examine(source)).toMatchObject({
      packed: ["a\nb.png", "shot.blend", "\uFFFD.png"],
      issues: [],
    });
    expect((await buffer(source.open())).length).toBe(source.sizeBytes);
  });
});

test("what has no scene is named as it was given", async () => {
  const folder = await createFolder({ "wood.png": "w", "oak.png": "o" });
  const zip = join(folder, "project.zip");
  await writeFile(zip, await buffer((await openSource(folder)).open()));
  const files = [join(folder, "wood.png"), join(folder, "oak.png")];
  const named = [
    [await openSource(folder), `The folder "${basename(folder)}" does not contain a .blend.`],
    [await openSource(files), "The list of files does not contain a .blend."],
    [await openSource(zip), "project.zip does not contain a .blend."],
    [await openSource(zip, { mainScene: "sh010.blend" }), "project.zip does not contain a .blend."],
  ] as const;
  for (const [source, text] of named) expect((await examine(source)).text).toContain(text);
});

test("a file and a folder that may not be read are named", async () => {
  const large = "l".repeat(100_000);
  const folder = await createFolder({
    "shot.blend": BLEND,
    "wood.png": "w",
    "a.vdb": large,
    "caches/a.vdb": "a",
  });
  await chmod(folder, 0o755);
  await chmod(join(folder, "wood.png"), 0);
  await chmod(join(folder, "a.vdb"), 0);
  await chmod(join(folder, "caches"), 0);
  onTestFinished(() => chmod(join(folder, "caches"), 0o755));
  const program = `
    import { openSource } from ${JSON.stringify(new URL("../src/node/index.ts", import.meta.url).href)};
    console.log(JSON.stringify((await (await openSource(process.argv[1])).readFacts()).leftOut));`;
  const isRoot = process.getuid?.() === 0;
  const output = execFileSync(
    process.execPath,
    ["--conditions=@renderjuice/source", "--input-type=module", "-e", program, folder],
    // Root may read everything.
    { ...(isRoot && { uid: 65534, gid: 65534 }), cwd: "/", encoding: "utf8", timeout: 60_000 },
  );
  expect(JSON.parse(output)).toEqual([
    { name: "caches", reason: "unreadable" },
    { name: "a.vdb", reason: "unreadable" },
    { name: "wood.png", reason: "unreadable" },
  ]);
});

describe.each([
  ["folder", async (files: Record<string, string>) => openSource(await createFolder(files))],
  [
    "zip",
    async (files: Record<string, string>) =>
      openZip(Object.entries(files).map(([name, content]) => ({ name, content }))),
  ],
] as const)("in a %s", (_what, open) => {
  test.each([
    ["a scene that is whole", { "a/b/shot.blend": BLEND }, [], ""],
    [
      "a scene that is cut off",
      { "a/shot.blend": BLEND.slice(0, 80) },
      ["error file-truncated"],
      "a/shot.blend is cut",
    ],
    ["a scene that is a pointer", { "shot.blend": POINTER }, ["error file-format"], "git-lfs pointer"],
    ["an empty scene", { "shot.blend": "" }, ["error file-empty"], "shot.blend is empty"],
    [
      "a texture that is a pointer",
      { "shot.blend": BLEND, "wood.png": POINTER },
      ["warning lfs-pointers"],
      "wood.png",
    ],
    [
      "a texture that was a link",
      { "shot.blend": BLEND, "t/a.png": "../lib/a.png" },
      ["warning link-texts"],
      "t/a.png",
    ],
    ["no file", {}, ["error zip-without-scene"], "does not contain a .blend."],
  ])("%s is seen", async (_name, files, issues, text) => {
    const report = await examine(await open(files));
    expect(report.issues).toEqual(issues);
    expect(report.text).toContain(text);
  });
});

describe("an image in a folder", () => {
  const jpeg = Buffer.from("ffd8ffc000040101ffda0004010112345678ffd9", "hex");
  const png = drawPicture();
  const exr = drawExr();

  test("that is complete, or has a flaw that Blender ignores, is not an issue", async () => {
    const folder = await createFolder({
      "shot.blend": BLEND,
      "wood.png": png,
      "sky.exr": exr,
      "moss.jpg": jpeg,
      "phone.jpg": Buffer.concat([jpeg, Buffer.from("a film of one second")]),
      "named-otherwise.png": jpeg,
      "tiled.exr": makeExr("ripmaps"),
      "empty.txt": "",
    });
    expect((await examine(await openSource(folder))).issues).toEqual([]);
  });

  test("that is cut off or empty is named, and an error where the scene has to be complete", async () => {
    const folder = await createFolder({
      "shot.blend": BLEND,
      "tex/bark.png": png.subarray(0, 20_000),
      "tex/sky.exr": exr.subarray(0, exr.length - 9),
      "tex/void.tif": "",
    });
    const source = await openSource(folder);
    const report = await examine(source);
    expect(report.issues).toEqual(["warning image-broken"]);
    expect(report.text).toMatch(
      /void\.tif \(is empty\), tex\/bark\.png \(is cut off\), tex\/sky\.exr \(is cut off\)/,
    );
    expect(requireComplete(preflight(await source.readFacts()))).toMatchObject({
      isOk: false,
      issues: [{ ruleId: "image-broken", severity: "error" }],
    });
  });

  test("of which only a piece was written is named, whatever the piece", async () => {
    const pieces = [1, 8, 100, png.length - 12, png.length - 1];
    const files = pieces.map((length) => [`tex/${length}.png`, png.subarray(0, length)]);
    const folder = await createFolder({ "shot.blend": BLEND, ...Object.fromEntries(files) });
    const { brokenImages = [] } = await (await openSource(folder)).readFacts();
    // Of one byte nobody can say what it was to be.
    expect(brokenImages.map(({ name }) => name).sort()).toEqual(
      pieces
        .slice(1)
        .map((length) => `tex/${length}.png`)
        .sort(),
    );
  });
});

describe.each([
  ["by itself", async (content: Buffer) => join(await createFolder({ "shot.blend": content }), "shot.blend")],
  ["in a folder", async (content: Buffer) => createFolder({ "shot.blend": content })],
  [
    "in a zip",
    async (content: Buffer) =>
      join(await createFolder({ "shot.zip": makeZip([{ name: "shot.blend", content }]) }), "shot.zip"),
  ],
])("a compressed scene %s", (_where, write) => {
  // What does not shrink makes many blocks.
  const content = Buffer.concat([Buffer.from(BLEND.slice(0, 92)), randomBytes(700_000), Buffer.from("ENDB")]);
  const seekTable = Buffer.concat([
    Buffer.from([0x5e, 0x2a, 0x4d, 0x18, 9, 0, 0, 0]),
    Buffer.from([0, 0, 0, 0, 0, 0xb1, 0xea, 0x92, 0x8f]),
  ]);
  const checked = { params: { [constants.ZSTD_c_checksumFlag]: 1, [constants.ZSTD_c_contentSizeFlag]: 0 } };
  const twoFrames = Buffer.concat([
    zstdCompressSync(content.subarray(0, 300_000)),
    zstdCompressSync(content.subarray(300_000), checked),
  ]);
  const packed = {
    "gzip of Blender before 3.0": gzipSync(content),
    "zstd of Blender": Buffer.concat([twoFrames, seekTable]),
    "zstd of another program": twoFrames,
    "zstd with a run of zeros": zstdCompressSync(Buffer.alloc(1_000_000)),
  };

  test.each(Object.entries(packed))("is taken: %s", async (_packer, bytes) => {
    expect((await examine(await openSource(await write(bytes)))).issues).toEqual([]);
  });

  test.each(
    Object.entries(packed).flatMap(([packer, bytes]) => [
      [packer, "its last byte", bytes.subarray(0, -1)] as const,
      [packer, "a third", bytes.subarray(0, Math.floor((bytes.length * 2) / 3))] as const,
    ]),
  )("is refused: %s without %s", async (_packer, _part, bytes) => {
    const report = await examine(await openSource(await write(bytes)));
    expect(report.issues).toEqual(["error file-truncated"]);
    expect(report.text).toMatch(/shot\.blend is cut off/);
  });

  test("is refused when zeros stand where its end should be", async () => {
    const bytes = Buffer.from(twoFrames);
    bytes.fill(0, 400_000);
    expect((await examine(await openSource(await write(bytes)))).issues).toEqual(["error file-truncated"]);
  });

  test("is refused when it cannot be unpacked", async () => {
    const bytes = gzipSync(content);
    bytes.fill(0x55, 400_000, 400_100);
    const report = await examine(await openSource(await write(bytes)));
    expect(report.issues).toEqual(["error file-truncated"]);
    expect(report.text).toMatch(/shot\.blend is damaged/);
  });
});

describe("a zip", () => {
  test("with the longest comment there can be is whole", async () => {
    const source = await openZip([{ name: "shot.blend", content: BLEND }], "x".repeat(65_535));
    expect((await examine(source)).issues).toEqual([]);
  });

  test.each<[string, (zip: Buffer) => Buffer, string]>([
    [
      "with bytes before it",
      (zip) => Buffer.concat([Buffer.from("MZ and a program"), zip]),
      "error file-format",
    ],
    ["with bytes after it", (zip) => Buffer.concat([zip, Buffer.from("junk")]), "error zip-unreadable"],
    ["that is cut off", (zip) => zip.subarray(0, 100), "error file-truncated"],
    [
      "with a prefix that says nothing",
      (zip) => Buffer.concat([zip.subarray(0, 30), zip]),
      "error zip-unreadable",
    ],
    ["with a broken table", (zip) => zip.fill(0xff, zip.length - 6, zip.length - 2), "error zip-unreadable"],
  ])("%s is refused, for one reason", async (_what, spoil, expected) => {
    const folder = await createFolder({
      "shot.zip": spoil(makeZip([{ name: "shot.blend", content: BLEND }])),
    });
    expect((await examine(await openSource(join(folder, "shot.zip")))).issues).toEqual([expected]);
  });

  test.each([
    ["deflated", 8, undefined],
    ["stored", 0, "ENDB"],
  ])("whose scene is large and %s is unpacked only as far as its ends need it", async (_how, method, end) => {
    const content = `${BLEND.slice(0, 40)}${"x".repeat(400_000)}ENDB`;
    const folder = await createFolder({ "shot.zip": makeZip([{ name: "shot.blend", content, method }]) });
    const { insides = [] } = await readZip(join(folder, "shot.zip"), 1000);
    expect(insides).toEqual([expect.objectContaining({ name: "shot.blend", sizeBytes: content.length })]);
    expect(Buffer.from(insides[0]?.head ?? []).toString()).toMatch(/^BLENDER-v304REND[\0x]{50000}/);
    expect(insides[0]?.tail && Buffer.from(insides[0].tail).toString().slice(-4)).toBe(end);
  });

  test("whose scene is damaged is refused", async () => {
    const zip = makeZip([{ name: "shot.blend", content: BLEND, method: 0 }]);
    zip.write("REND", zip.indexOf("BLENDER-v304") + 40);
    const folder = await createFolder({ "shot.zip": zip });
    expect((await examine(await openSource(join(folder, "shot.zip")))).issues).toEqual([
      "error zip-entry-broken",
    ]);
  });

  test.each<[string, MadeEntry, string]>([
    ["a link", { name: "wood.png", content: "/etc/passwd", mode: 0o120777 }, "error zip-links"],
    ["an unusual compression method", { name: "wood.png", content: "w", method: 14 }, "error zip-method"],
    ["PowerShell 5's names", { name: "tex\\wood.png" }, "error zip-backslash"],
    ["a name in Shift-JIS", { name: Buffer.from([0x96, 0xd8]), flags: 0 }, "warning zip-old-code-page"],
    [
      "a name in Shift-JIS with 0x5C",
      { name: Buffer.from([0x95, 0x5c]), flags: 0 },
      "error zip-old-code-page",
    ],
    ["a password", { name: "wood.png", content: "w", flags: 0x801 }, "error zip-encrypted"],
  ])("with %s is reported", async (_what, entry, expected) => {
    const source = await openZip([
      { name: "shot.blend", content: BLEND },
      { content: "w", ...entry },
    ]);
    expect((await examine(source)).issues).toEqual([expected]);
  });
});

describe("the scene to render", () => {
  const PROJECT = { "shots/sh010.blend": BLEND, "assets/hero.blend": BLEND, "assets/wood.png": "w" };

  test("gives a folder's archive its name, and comes first", async () => {
    const folder = await createFolder(PROJECT);
    const source = await openSource(folder, { mainScene: join(folder, "shots/sh010.blend") });
    expect(source.fileName).toBe("sh010.zip");
    expect((await examine(source)).issues).toEqual(["warning zip-main-scene"]);
    const archive = await buffer(source.open());
    expect(archive.indexOf("shots/sh010.blend")).toBeLessThan(archive.indexOf("assets/hero.blend"));
  });

  test("may be named among files and folders, and is packed with them", async () => {
    const folder = await createFolder({ ...PROJECT, "other.blend": BLEND });
    const source = await openSource(join(folder, "assets"), { mainScene: join(folder, "shots/sh010.blend") });
    expect(source.fileName).toBe("sh010.zip");
    expect(await examine(source)).toMatchObject({
      packed: Object.keys(PROJECT).sort(),
      issues: ["warning zip-main-scene"],
    });
  });

  test("may be named in a zip, which is uploaded under its name", async () => {
    const zip = makeZip(Object.entries(PROJECT).map(([name, content]) => ({ name, content })));
    const folder = await createFolder({ "project.zip": zip });
    const path = join(folder, "project.zip");
    expect((await examine(await openSource(path))).issues).toEqual(["error zip-several-scenes"]);
    for (const mainScene of ["shots/sh010.blend", ".\\shots\\sh010.blend"]) {
      const source = await openSource(path, { mainScene });
      expect(source.fileName).toBe("sh010.zip");
      expect((await examine(source)).issues).toEqual(["warning zip-main-scene"]);
    }
  });

  test("is not the first of several files by chance", async () => {
    const folder = await createFolder(PROJECT);
    const paths = ["shots/sh010.blend", "assets/hero.blend"].map((name) => join(folder, name));
    expect((await examine(await openSource(paths))).issues).toEqual(["error zip-several-scenes"]);
  });
});

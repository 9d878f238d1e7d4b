import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { RenderConfig } from "../../contract/index.ts";
import { preflight, type SourceFacts, type ZipEntryFacts } from "./index.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const blend = bytes(`BLENDER-v304${"REND".padEnd(80, "\0")}ENDB${"\0".repeat(20)}`);

function factsOf(content: Uint8Array, changes: Partial<SourceFacts> = {}): SourceFacts {
  return {
    fileName: "shot.blend",
    fileType: "blend",
    sizeBytes: content.length,
    head: content,
    tail: content,
    ...changes,
  };
}

function zipFacts(
  entries: ({ name: string } & Partial<ZipEntryFacts>)[],
  changes: Partial<SourceFacts> = {},
): SourceFacts {
  const content = bytes("PK\u0003\u0004…PK\u0005\u0006");
  const zipEntries = entries.map((entry) => ({
    sizeBytes: 10,
    isEncrypted: false,
    method: 0,
    isLink: false,
    isNameUnicode: true,
    ...entry,
  }));
  return factsOf(content, { fileName: "shot.zip", fileType: "zip", zipEntries, ...changes });
}

function issuesOf(facts: SourceFacts) {
  const report = preflight(facts);
  for (const issue of report.issues)
    expect(issue).toMatchObject({ message: expect.any(String), fix: expect.stringMatching(/\w/) });
  return report.issues.map(({ severity, ruleId }) => `${severity} ${ruleId}`);
}

describe("a scene that can be rendered has no issues", () => {
  test.each([
    ["plain", blend],
    ["gzip", gzipSync(blend)],
    ["zstd", new Uint8Array([0x28, 0xb5, 0x2f, 0xfd, ...new Uint8Array(100), 0xb1, 0xea, 0x92, 0x8f])],
  ])("%s .blend", (_format, content) => {
    expect(preflight(factsOf(content))).toEqual({ issues: [], isOk: true });
  });

  test(".zip", () => {
    expect(issuesOf(zipFacts([{ name: "shot.blend" }, { name: "textures/wood.png" }]))).toEqual([]);
  });
});

describe("the file", () => {
  test.each<[string, SourceFacts, string]>([
    ["of another program", factsOf(blend, { fileName: "shot.ma" }), "error file-extension"],
    ["that is a picture", factsOf(bytes("\u0089PNG"), { fileName: "shot.png" }), "error file-extension"],
    ["that is a backup", factsOf(blend, { fileName: "shot.blend1" }), "error file-extension"],
    ["with nothing in it", factsOf(new Uint8Array()), "error file-empty"],
    ["of 5 GiB", factsOf(blend, { sizeBytes: 5 * 1024 ** 3 }), "error file-too-large"],
    ["that is a web page", factsOf(bytes("<!DOCTYPE html><html>")), "error file-format"],
    [
      "that is a Git LFS pointer",
      factsOf(bytes("version https://git-lfs.github.com/spec/v1")),
      "error file-format",
    ],
    ["that is a zip in truth", factsOf(bytes("PK\u0003\u0004")), "error file-format"],
    ["that is not really a zip", factsOf(blend, { fileName: "a.zip", fileType: "zip" }), "error file-format"],
    ["whose end is missing", factsOf(blend.subarray(0, 60)), "error file-truncated"],
    [
      "zip whose end is missing",
      factsOf(bytes("PK\u0003\u0004…"), { fileName: "a.zip", fileType: "zip" }),
      "error file-truncated",
    ],
  ])("%s", (_name, facts, expected) => {
    expect(issuesOf(facts)).toContain(expected);
    expect(preflight(facts).isOk).toBe(false);
  });

  test("just below 5 GiB passes", () => {
    expect(issuesOf(factsOf(blend, { sizeBytes: 5 * 1024 ** 3 - 1 }))).toEqual([]);
  });
});

describe("the archive", () => {
  test.each([
    ["without a scene", [{ name: "readme.txt" }], "error zip-without-scene"],
    ["with two scenes", [{ name: "a.blend" }, { name: "b.blend" }], "error zip-several-scenes"],
    ["with a way up", [{ name: "a.blend" }, { name: "../x" }], "error zip-unsafe-name"],
    ["with an absolute name", [{ name: "a.blend" }, { name: "/etc/passwd" }], "error zip-unsafe-name"],
    ["with a drive", [{ name: "a.blend" }, { name: "C:/x" }], "error zip-unsafe-name"],
    ["with backslashes", [{ name: "a.blend" }, { name: "tex\\wood.png" }], "error zip-backslash"],
    ["with a password", [{ name: "a.blend", isEncrypted: true }], "error zip-encrypted"],
    ["that is a bomb", [{ name: "a.blend", sizeBytes: 200 * 1024 ** 3 }], "error zip-bomb"],
    ["that is denser than any scene", [{ name: "a.blend", sizeBytes: 1024 ** 3 }], "error zip-bomb"],
    ["in an archive", [{ name: "a.blend" }, { name: "textures.zip" }], "warning zip-nested"],
  ])("%s", (_name, entries, expected) => {
    expect(issuesOf(zipFacts(entries))).toContain(expected);
  });

  test.each([
    ["a symbolic link", [{ name: "a.blend" }, { name: "wood.png", isLink: true }], "error zip-links"],
    ["Deflate64", [{ name: "a.blend", method: 9 }], "error zip-method"],
    ["one name twice", [{ name: "a.blend" }, { name: "x" }, { name: "x" }], "error zip-duplicate-name"],
    [
      "a file and a folder",
      [{ name: "a.blend" }, { name: "x" }, { name: "x/y" }],
      "error zip-duplicate-name",
    ],
    ["a", [{ name: "a.blend" }, { name: "A.png" }, { name: "a.png" }], "warning zip-same-but-for-case"],
    [
      "an",
      [{ name: "a.blend" }, { name: "\u00e9.png" }, { name: "e\u0301.png" }],
      "warning zip-same-but-for-case",
    ],
    ["a long name", [{ name: "a.blend" }, { name: `${"木".repeat(90)}.png` }], "error zip-unusable-name"],
    ["a NUL", [{ name: "a.blend" }, { name: "a\0.png" }], "error zip-unusable-name"],
    ["a device's name", [{ name: "a.blend" }, { name: "tex/aux.png" }], "warning zip-windows-name"],
    ["a way up by backslashes", [{ name: "a.blend" }, { name: "..\\x" }], "error zip-unsafe-name"],
    ["a secret", [{ name: "a.blend" }, { name: "shot/.env" }], "warning zip-secret"],
    [
      "an old code page",
      [{ name: "a.blend" }, { name: "\u00fb.png", isNameUnicode: false }],
      "warning zip-old-code-page",
    ],
    [
      "a backslash that is half a letter",
      [{ name: "a.blend" }, { name: "\u00f2\\.png", isNameUnicode: false }],
      "error zip-old-code-page",
    ],
  ])("with %s", (_name, entries, expected) => {
    expect(issuesOf(zipFacts(entries))).toEqual([expected]);
  });

  test("names a cause once, not once per entry, and the method by its name", () => {
    const entries = Array.from({ length: 500 }, (_, index) => ({ name: `tex\\${index}.png`, method: 14 }));
    const { issues } = preflight(zipFacts([{ name: "a.blend" }, ...entries]));
    expect(issues.map(({ message }) => message)).toEqual([
      expect.stringContaining(
        '"tex\\\\0.png", "tex\\\\1.png", "tex\\\\2.png" and 497 more. Compress-Archive',
      ),
      expect.stringContaining("compressed with LZMA"),
    ]);
  });

  test("that cannot be read is an error, told once", () => {
    const facts = zipFacts([], { zipProblem: "unexpected EOF." });
    const { zipEntries: _, ...unread } = facts;
    expect(issuesOf(unread)).toEqual(["error zip-unreadable"]);
    expect(issuesOf({ ...unread, tail: bytes("…") })).toEqual(["error file-truncated"]);
  });
});

describe("which scene is rendered", () => {
  const named = (...names: string[]) => names.map((name) => ({ name }));
  const check = (names: string[], changes?: Partial<SourceFacts>) =>
    issuesOf(zipFacts(named(...names), changes));

  test.each([
    ["is clear when there is only one", ["a/b/c.blend"], []],
    ["is not troubled by what macOS adds", ["a.blend", "._a.blend", "x/._b.blend", "__MACOSX/c.blend"], []],
    ["is not clear when there are two", ["a.blend", "b.blend"], ["error zip-several-scenes"]],
    [
      "is not guessed by depth",
      ["assets/hero.blend", "shots/sh010/sh010.blend"],
      ["error zip-several-scenes"],
    ],
    ["follows from the name of the archive", ["Shot.blend", "assets/hero.blend"], ["warning zip-main-scene"]],
    [
      "is not told by that name when another comes before it: that may be chance",
      ["backup/shot.blend", "main.blend"],
      ["error zip-several-scenes"],
    ],
    [
      "is not told by that name when two have it",
      ["a/shot.blend", "b/shot.blend"],
      ["error zip-several-scenes"],
    ],
  ])("%s", (_what, names, expected) => {
    expect(check(names)).toEqual(expected);
  });

  test.each([
    ["may be named", "shots/shot.blend", ["warning zip-main-scene"]],
    ["must be there", "shots/sh020.blend", ["error zip-main-scene-missing"]],
    ["must be told apart by its name", "lib/hero.blend", ["error zip-same-scene-name"]],
  ])("%s", (_what, mainScene, expected) => {
    expect(check(["hero.blend", "lib/hero.blend", "shots/shot.blend"], { mainScene })).toEqual(expected);
  });
});

describe("what is inside", () => {
  const entries = [{ name: "shot.blend" }, { name: "wood.png" }];
  const pointer = bytes("version https://git-lfs.github.com/spec/v1\noid sha256:…");

  test.each([
    ["a scene that is whole", "shot.blend", blend, []],
    ["a scene that is cut off", "shot.blend", blend.subarray(0, 80), ["error file-truncated"]],
    ["a scene that is empty", "shot.blend", new Uint8Array(), ["error file-empty"]],
    ["a scene that is a pointer", "shot.blend", pointer, ["error file-format"]],
    ["a texture that is a pointer", "wood.png", pointer, ["warning lfs-pointers"]],
    ["a texture that was a link", "wood.png", bytes("../../lib/wood.png"), ["warning link-texts"]],
    ["a texture that is small", "wood.png", bytes("\u0089PNG a/b.png"), []],
    ["a text that names a path", "read.md", bytes("see lib/a.md, or lib/b.txt"), []],
  ])("%s", (_what, name, content, expected) => {
    const inside = { name, sizeBytes: content.length, head: content, tail: content };
    expect(issuesOf(zipFacts(entries, { insides: [inside] }))).toEqual(expected);
  });

  test("a scene that cannot be unpacked", () => {
    const inside = { name: "shot.blend", sizeBytes: 9, problem: "unexpected end of file." };
    expect(issuesOf(zipFacts(entries, { insides: [inside] }))).toEqual(["error zip-entry-broken"]);
  });
});

describe("the settings", () => {
  const check = (config: Partial<RenderConfig>) =>
    issuesOf(factsOf(blend, { config: { colorManagementPreset: "default", ...config } }));

  test.each<[Partial<RenderConfig>, string]>([
    [{ frameRanges: ["1-x"] }, "error frames-invalid"],
    [{ frameRanges: ["1-100000"] }, "warning frames-many"],
    [{ sampleCount: 0 }, "error setting-out-of-range"],
    [{ resolutionPercentage: 0 }, "error setting-out-of-range"],
    [{ resolutionPercentage: 200 }, "warning resolution-enlarged"],
    [{ resolution: [1920] }, "error resolution-invalid"],
    [{ resolution: [1920, 0] }, "error resolution-invalid"],
    [{ fps: -1 }, "error setting-out-of-range"],
    [{ outputSettings: { quality: 101 } }, "error setting-out-of-range"],
    [{ renderEngine: "CYCLE" }, "warning setting-unknown-value"],
    [{ outputFormat: "JPEG", outputSettings: { colorDepth: "16" } }, "warning color-depth-unavailable"],
    [{ outputFormat: "JPEG", outputSettings: { colorMode: "RGBA" } }, "warning jpeg-without-alpha"],
  ])("%j", (config, expected) => {
    expect(check(config)).toEqual([expected]);
  });

  test("that make sense have no issues", () => {
    expect(
      check({ frameRanges: ["1-24"], sampleCount: 64, resolution: [1920, 1080], renderEngine: "CYCLES" }),
    ).toEqual([]);
  });
});

import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { RenderConfig } from "../schemas/index.ts";
import { preflight, type SourceFacts } from "./index.ts";

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

function zipFacts(entries: { name: string; sizeBytes?: number; isEncrypted?: boolean }[]): SourceFacts {
  const content = bytes("PK\u0003\u0004…PK\u0005\u0006");
  const zipEntries = entries.map((entry) => ({
    sizeBytes: 10,
    compressedBytes: 10,
    isEncrypted: false,
    ...entry,
  }));
  return factsOf(content, { fileName: "shot.zip", fileType: "zip", zipEntries });
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
    ["that is no zip in truth", factsOf(blend, { fileName: "a.zip", fileType: "zip" }), "error file-format"],
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
    ["with two scenes", [{ name: "a.blend" }, { name: "b.blend" }], "warning zip-several-scenes"],
    ["with a way up", [{ name: "a.blend" }, { name: "../x" }], "error zip-unsafe-name"],
    ["with an absolute name", [{ name: "a.blend" }, { name: "/etc/passwd" }], "error zip-unsafe-name"],
    ["with a drive", [{ name: "a.blend" }, { name: "C:/x" }], "error zip-unsafe-name"],
    ["with backslashes", [{ name: "a.blend" }, { name: "tex\\wood.png" }], "error zip-unsafe-name"],
    ["with a password", [{ name: "a.blend", isEncrypted: true }], "error zip-encrypted"],
    ["that is a bomb", [{ name: "a.blend", sizeBytes: 200 * 1024 ** 3 }], "error zip-bomb"],
    ["that is denser than any scene", [{ name: "a.blend", sizeBytes: 1024 ** 3 }], "error zip-bomb"],
    ["in an archive", [{ name: "a.blend" }, { name: "textures.zip" }], "warning zip-nested"],
  ])("%s", (_name, entries, expected) => {
    expect(issuesOf(zipFacts(entries))).toContain(expected);
  });

  test("what macOS adds is no second scene", () => {
    expect(issuesOf(zipFacts([{ name: "a.blend" }, { name: "__MACOSX/._a.blend" }]))).toEqual([]);
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

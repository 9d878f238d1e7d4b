import { describe, expect, test } from "vitest";
import { nameFiles } from "../text/list-names.ts";
import { jobSchema } from "./job.ts";
import { sceneWarnings } from "./scene-analysis.ts";

/** As a job that carries it has it. */
const read = (analysis: unknown) => jobSchema.parse({ id: "j1", status: "validated", analysis }).analysis;

describe("files that the analysis says are missing", () => {
  test.each<[string, unknown, string[]]>([
    ["texts", { missingFiles: ["//tex/a.png", "//tex/b.png"] }, ["//tex/a.png", "//tex/b.png"]],
    ["with underscores", { missing_files: ["a.png"] }, ["a.png"]],
    ["objects with a path", { missingTextures: [{ path: "a.png", kind: "IMAGE" }] }, ["a.png"]],
    ["objects with a name", { missingAssets: [{ name: "wood", id: 3 }] }, ["wood"]],
    ["one text", { missing: "a.png" }, ["a.png"]],
    ["a map by name", { missingFiles: { "a.png": "not found", "b.png": "no access" } }, ["a.png", "b.png"]],
    [
      "lists by kind",
      { missing: { images: ["a.png"], libraries: [{ filepath: "rig.blend" }] } },
      ["a.png", "rig.blend"],
    ],
    [
      "libraries too, each once",
      { missingFiles: ["a.png"], missingLibraries: ["rig.blend", "a.png"] },
      ["a.png", "rig.blend"],
    ],
    ["further inside", { data: { scenes: [{ missing_files: ["a.png"] }] } }, ["a.png"]],
    ["in words only", { warnings: ["2 textures are missing.", "No camera."] }, ["2 textures are missing."]],
    ["as a number only", { missingFileCount: 3 }, ["3 (missingFileCount)"]],
    ["with a count beside them", { missing: { count: 1, files: ["a.png"] } }, ["a.png"]],
    ["only a count of none", { missing: { count: 0 } }, []],
    ["none", { missingFiles: [], missingFileCount: 0, warnings: [] }, []],
    ["nulls", { missingFiles: null, missing: [null, {}, ""], warnings: null }, []],
    ["no analysis", undefined, []],
    ["a text", "all fine", []],
  ])("%s", (_what, analysis, expected) => {
    expect(read(analysis)?.missingFiles ?? []).toEqual(expected);
  });

  test("an endless or deep answer is cut", () => {
    let deep: unknown = { missingFiles: ["a.png"] };
    for (let depth = 0; depth < 10_000; depth++) deep = { deep };
    expect(read(deep)?.missingFiles).toBeUndefined();
    const many = Array.from({ length: 5000 }, (_, index) => `${index}.png`);
    expect(read({ missingFiles: many })?.missingFiles).toHaveLength(1000);
  });
});

test("other warnings of the analysis are kept apart", () => {
  const warnings = ["The scene writes a video.", { message: "No camera." }, "1 file is missing.", 7, null];
  expect(sceneWarnings(read({ warnings }))).toEqual(["The scene writes a video.", "No camera."]);
});

test("a sentence names the first twenty", () => {
  expect(nameFiles(["a", "b"])).toBe("a, b");
  expect(nameFiles(Array.from({ length: 25 }, (_, index) => `${index}`))).toMatch(/^0, 1, .*19 and 5 more$/);
});

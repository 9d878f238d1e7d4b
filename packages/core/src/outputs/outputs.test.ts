import { posix, win32 } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DownloadError } from "../errors/index.ts";
import { planOutputs, safeRelativePath } from "./index.ts";

describe("safeRelativePath", () => {
  test.each([
    ["frame_0001.png", "frame_0001.png"],
    ["left/frame 0001.exr", "left/frame 0001.exr"],
    ["日本語/übung_0001.png", "日本語/übung_0001.png"],
    ["../../etc/passwd", "etc/passwd"],
    ["/etc/passwd", "etc/passwd"],
    ["C:\\Windows\\system32\\x.png", "C_/Windows/system32/x.png"],
    ["\\\\server\\share\\x.png", "server/share/x.png"],
    ["\\\\?\\C:\\x.png", "C_/x.png"],
    ["a/./b/../c.png", "a/b/c.png"],
    ["NUL", "_NUL"],
    ["com1.png", "_com1.png"],
    ["a\u0000b.png", "a_b.png"],
    ["gnp.\u202efdp.exe", "gnp._fdp.exe"],
    ["name. . ", "name"],
  ])("%j becomes %j", (name, expected) => {
    expect(safeRelativePath(name)).toBe(expected);
  });

  test("a long name keeps frame number and extension", () => {
    const path = safeRelativePath(`${"x".repeat(300)}_0042.png`);
    expect(path).toMatch(/_0042\.png$/);
    expect(path.length).toBeLessThanOrEqual(120);
  });

  test.each(["", "/", "..", "../..", ". ."])("%j leaves nothing and is refused", (name) => {
    expect(() => safeRelativePath(name)).toThrow(DownloadError);
  });

  test("whatever the name, the result stays below the folder and is stable", () => {
    const hostile = fc.array(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.constantFrom("..", ".", "/", "\\", "C:", "NUL", "\0", "%2e%2e", "~"),
      ),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(hostile, (parts) => {
        let path: string;
        try {
          path = safeRelativePath(parts.join("/"));
        } catch (error) {
          expect(DownloadError.isInstance(error)).toBe(true);
          return;
        }
        for (const { join, isAbsolute, sep } of [posix, win32]) {
          const root = sep === "/" ? "/out/frames" : "C:\\out\\frames";
          expect(isAbsolute(path)).toBe(false);
          expect(join(root, path).startsWith(root + sep)).toBe(true);
        }
        expect(safeRelativePath(path)).toBe(path);
      }),
      { numRuns: 2000 },
    );
  });
});

const url = (name: string, token = "a") => `https://files.example/download/${name}?token=${token}`;

describe("planOutputs", () => {
  test("prefers the lists with names and does not fetch a file twice", () => {
    const outputs = planOutputs({
      frames: [url("k1.png", "old"), url("k2.png", "old")],
      frameOutputs: [
        { url: url("k1.png"), fileName: "shot_0001.png", relativePath: "left/shot_0001.png", view: "left" },
      ],
    });
    expect(outputs).toEqual([
      { kind: "frame", url: url("k1.png"), relativePath: "left/shot_0001.png", frame: 1, view: "left" },
      { kind: "frame", url: url("k2.png", "old"), relativePath: "k2.png", frame: 2 },
    ]);
  });

  test.each([
    ["shot_0012.png", 12],
    ["0012.exr", 12],
    ["-0005.png", -5],
    ["shot_-0005.png", -5],
    ["shot-0005.png", 5],
    ["shot.0007_L.png", 7],
    ["v2_beauty.png", undefined],
  ])("the frame of %s is %s", (name, frame) => {
    expect(planOutputs({ frames: [url(name)] })[0]?.frame).toBe(frame);
  });

  test("gives different files different paths, also where case does not count", () => {
    const names = ["a.png", "A.png", "../a.png"];
    const outputs = planOutputs({
      frameOutputs: names.map((name, index) => ({ url: url(`${index}.png`), fileName: name })),
    });
    expect(outputs.map(({ relativePath }) => relativePath)).toEqual(["a.png", "A~2.png", "a~3.png"]);
  });

  test.each([
    ["object", { url: url("f.zip"), fileName: "frames.zip" }],
    ["list", [{ url: url("f.zip"), fileName: "frames.zip" }]],
    ["map", { main: { url: url("f.zip"), fileName: "frames.zip" } }],
  ])("takes the zip outputs as %s", (_form, framesZipOutputs) => {
    const outputs = planOutputs({
      transforms: { framesZip: url("f.zip", "old"), framesZipOutputs, video: {} },
    });
    expect(outputs).toEqual([{ kind: "framesZip", url: url("f.zip"), relativePath: "frames.zip" }]);
  });

  test("an empty answer has no files", () => {
    expect(planOutputs({})).toEqual([]);
    expect(planOutputs({ frames: [], compositeNodes: null, transforms: null, frameOutputs: null })).toEqual(
      [],
    );
  });
});

import { posix, win32 } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DownloadError } from "../errors/index.ts";
import { choosePlaces, findMissing, type PlannedOutput, planOutputs, safeRelativePath } from "./index.ts";

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

  test.each(["x", "ü", "日", "🎬"])("a long name of %s keeps frame number and extension", (character) => {
    const path = safeRelativePath(`${character.repeat(300)}_0042.png`);
    expect(path).toMatch(/_0042\.png$/);
    expect(path.isWellFormed()).toBe(true);
    expect(Buffer.byteLength(path)).toBeLessThanOrEqual(255 - "~100000".length);
    expect(safeRelativePath(path)).toBe(path);
  });

  test("long names that differ in the middle stay different", () => {
    const [one, other] = ["a", "b"].map((middle) =>
      safeRelativePath(`${"x".repeat(250)}${middle}${"y".repeat(250)}_0042.png`),
    );
    expect(one).not.toBe(other);
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
    const { outputs } = planOutputs({
      frames: [url("k1.png", "old"), url("k2.png", "old")],
      frameOutputs: [
        { url: url("k1.png"), fileName: "shot_0001.png", relativePath: "left/shot_0001.png", view: "left" },
      ],
    });
    expect(outputs).toEqual([
      {
        ...{ kind: "frame", url: url("k1.png"), relativePath: "left/shot_0001.png", frame: 1, view: "left" },
        sequence: "left/shot_#.png",
      },
      { kind: "frame", url: url("k2.png", "old"), relativePath: "k2.png", frame: 2, sequence: "k#.png" },
    ]);
  });

  test("gives different files different paths, also where case does not count", () => {
    const names = ["a.png", "A.png", "../a.png"];
    const { outputs } = planOutputs({
      frameOutputs: names.map((name, index) => ({ url: url(`${index}.png`), fileName: name })),
    });
    expect(outputs.map(({ relativePath }) => relativePath)).toEqual(["a.png", "A~2.png", "a~3.png"]);
  });

  test.each([
    [
      "a file first",
      ["beauty", "beauty/a.png", "Beauty/b.png"],
      ["beauty", "beauty~2/a.png", "beauty~2/b.png"],
    ],
    ["a folder first", ["beauty/a.png", "BEAUTY"], ["beauty/a.png", "BEAUTY~2"]],
    ["a number that is taken", ["a.png", "a~2.png", "a.png"], ["a.png", "a~2.png", "a~3.png"]],
    ["deep down", ["x/y", "x/y/z.png", "x"], ["x/y", "x/y~2/z.png", "x~2"]],
  ])("no name is a file and a folder: %s", (_what, names, expected) => {
    const { outputs } = planOutputs({
      frameOutputs: names.map((name, index) => ({ url: url(`${index}.png`), relativePath: name })),
    });
    expect(outputs.map(({ relativePath }) => relativePath)).toEqual(expected);
  });

  test("names what cannot be used, and plans the others", () => {
    const plan = planOutputs({
      frameOutputs: ["a_0001.png", "..", "a_0002.png"].map((fileName, index) => ({
        url: url(`${index}.png`),
        fileName,
      })),
    });
    expect(plan.outputs.map(({ relativePath }) => relativePath)).toEqual(["a_0001.png", "a_0002.png"]);
    expect(plan.refused).toEqual([{ name: "..", error: expect.objectContaining({ code: "unsafe_path" }) }]);
  });

  test("a hundred thousand equal names, or names that differ, are planned without counting through them", () => {
    const many = (name: (index: number) => string) =>
      planOutputs({
        frameOutputs: Array.from({ length: 100_000 }, (_, index) => ({
          url: url(`${index}.png`),
          fileName: name(index),
        })),
      }).outputs;
    // Counted through one by one this would take hours, and the test its time limit.
    expect(new Set(many(() => "a.png").map(({ relativePath }) => relativePath)).size).toBe(100_000);
    expect(many((index) => `a_${index}.png`).at(-1)?.frame).toBe(99_999);
  });

  test.each([
    ["object", { url: url("f.zip"), fileName: "frames.zip" }],
    ["list", [{ url: url("f.zip"), fileName: "frames.zip" }]],
    ["map", { main: { url: url("f.zip"), fileName: "frames.zip" } }],
  ])("takes the zip outputs as %s", (_form, framesZipOutputs) => {
    const { outputs } = planOutputs({
      transforms: { framesZip: url("f.zip", "old"), framesZipOutputs, video: {} },
    });
    expect(outputs).toEqual([{ kind: "framesZip", url: url("f.zip"), relativePath: "frames.zip" }]);
  });

  test("an empty answer has no files", () => {
    expect(planOutputs({}).outputs).toEqual([]);
    expect(
      planOutputs({ frames: [], compositeNodes: null, transforms: null, frameOutputs: null }).outputs,
    ).toEqual([]);
  });
});

/** Outputs with these names; after a `|` the view, after another one the node. */
function offer(names: readonly string[], expected?: readonly number[]): PlannedOutput[] {
  const outputs = names.map((name, index) => {
    const [relativePath = "", view = "", compositeNodeName = ""] = name.split("|");
    return { url: url(`${index}.bin`), relativePath, view, compositeNodeName };
  });
  return [
    ...planOutputs(
      {
        frameOutputs: outputs.filter(({ compositeNodeName }) => compositeNodeName === ""),
        compositeNodeOutputs: outputs.filter(({ compositeNodeName }) => compositeNodeName !== ""),
      },
      expected,
    ).outputs,
  ];
}

describe("the frame of a file", () => {
  test.each([
    ["shot_0012.png", 12],
    ["0012.exr", 12],
    ["-0005.png", -5],
    ["shot_-0005.png", -5],
    ["shot-0005.png", 5],
    ["shot.0007_L.png", 7],
    ["v2_beauty.png", undefined],
    ["sh0010_1001.exr", 1001],
    ["sh010_0005_cam1.png|cam1", 5],
    ["sh010_0005_cam1.png|A", 5],
    ["sh010_0005_cam1.png", 5],
    ["sh010_0005_left_eye.png|left", 5],
    ["cam1/shot_7.png|cam1", 7],
    ["x_0005_001.png|001", 5],
    ["x_0005.png|0005", 5],
    ["shot_0012~2.png", 12],
    ["shot_0012 (1).png", 12],
    ["0012/beauty.png", 12],
  ])("by itself: %s is %s", (name, frame) => {
    expect(offer([name])[0]?.frame).toBe(frame);
  });

  test.each([
    ["before the name of a view", ["s_0005_cam1.png|cam1", "s_0006_cam1.png|cam1"], [5, 6]],
    [
      "before a suffix that is not the view's name",
      ["s_0005_left_eye2.png|L", "s_0006_left_eye2.png|L"],
      [5, 6],
    ],
    ["before a view that nobody names", ["s_0005_cam1.png", "s_0005_cam2.png", "s_0006_cam1.png"], [5, 5, 6]],
    ["where views are numbered like frames", ["s_0005_001.png|001", "s_0006_001.png|001"], [5, 6]],
    ["after a shot and a version", ["sh010_v003_9.png", "sh010_v003_10.png"], [9, 10]],
    ["before a version", ["sh010.0001.v003.png", "sh010.0002.v003.png"], [1, 2]],
    ["before a resolution", ["shot_0001_1080p.png", "shot_0002_1080p.png"], [1, 2]],
    ["on both sides of zero", ["shot_-0001.png", "shot_0000.png", "shot_0001.png"], [-1, 0, 1]],
    ["in the name of a folder", ["0001/beauty.png", "0002/beauty.png"], [1, 2]],
    ["with more than four digits", ["a_9999.png", "a_10000.png"], [9999, 10_000]],
  ])("among others: %s", (_where, names, frames) => {
    expect(offer(names).map(({ frame }) => frame)).toEqual(frames);
  });

  test.each([
    [
      "the suffix of a view is glued to it",
      ["s_00051.png|cam1", "s_00061.png|cam1", "s_00052.png|cam2"],
      [5, 6],
    ],
    ["and looks like another frame", ["s_00011.png|a", "s_00021.png|a", "s_00012.png|b"], [1, 2, 3]],
    ["a view's suffix is padded like it", ["s_0005_001.png|a", "s_0005_002.png|b"], [5]],
    ["nobody names the views", ["s_0005_001.png", "s_0005_002.png"], [5]],
    ["a version follows", ["s_0010_v002.png"], [10]],
    ["a version is glued before it", ["s_v20005.png", "s_v20006.png"], [5, 6]],
    ["both are glued", ["s_100071.png"], [7]],
    ["a minus belongs to the name", ["-0005.png"], [5]],
    ["there are frames on both sides of zero", ["-00011.png", "-00021.png", "00011.png"], [-2, -1, 1]],
  ])("that was expected, where %s", (_where, names, expected) => {
    const frames = offer(names, expected).map(({ frame }) => frame);
    expect(frames.filter((frame) => frame === undefined || !expected.includes(frame))).toEqual([]);
  });

  test("is what a name says by its looks, where that was expected", () => {
    expect(offer(["sh012_0001.png", "sh012_0002.png"], [1, 2, 12]).map(({ frame }) => frame)).toEqual([1, 2]);
    expect(offer(["s_0051.png"], [5])[0]?.frame).toBe(51);
  });

  test("of a view that has one file is where the other views have it", () => {
    const names = ["s_0001_001.png|a", "s_0002_001.png|a", "s_0003_001.png|a", "s_0001_002.png|b"];
    expect(findMissing(offer(names, [1, 2, 3]), [1, 2, 3]).missingParts).toEqual(["2-3 of the view b"]);
  });

  test.each([{ frame: 7 }, { frameNumber: 7 }, { frame: "7" }])("as the farm says itself: %j", (told) => {
    const { outputs } = planOutputs({ frameOutputs: [{ url: url("a"), fileName: "s_0005.png", ...told }] });
    expect(outputs[0]?.frame).toBe(7);
  });
});

describe("findMissing", () => {
  const EYES = ["m_0001_L.png|left", "m_0001_R.png|right", "m_0002_L.png|left", "m_0002_R.png|right"];
  const NODES = ["Image0001.png||Image", "Image0002.png||Image"];
  const without = (...names: string[]) => [...EYES, ...NODES].filter((name) => !names.includes(name));

  test.each([
    ["nothing", [], [], []],
    ["both eyes", ["m_0002_L.png|left", "m_0002_R.png|right"], [2], ["2"]],
    ["one eye", ["m_0002_R.png|right"], [2], ["2 of the view right"]],
    ["every frame", EYES, [1, 2], ["1-2"]],
    ["a compositor file", ["Image0002.png||Image"], [2], ["2 of the node Image"]],
    ["all compositor files", NODES, [], []],
  ])("%s is gone", (_what, gone, missingFrames, missingParts) => {
    expect(findMissing(offer(without(...gone)), [1, 2])).toEqual({ missingFrames, missingParts });
  });

  test("a view that nobody names is one all the same, when most frames have it", () => {
    const outputs = offer(["m_0001_L.png", "m_0001_R.png", "m_0002_L.png", "m_0003_L.png", "m_0003_R.png"]);
    expect(findMissing(outputs, [1, 2, 3])).toMatchObject({
      missingFrames: [2],
      missingParts: ["2 of m_#_R.png"],
    });
  });

  test.each([
    ["half of an eye", ["f_0001_L.png", "f_0002_L.png", "f_0001_R.png"], ["2 of f_#_R.png"]],
    [
      "half of a node",
      ["a0001.exr||N", "a0002.exr||N", "a0003.exr||N", "a0004.exr||N", "b0001.exr||N", "b0002.exr||N"],
      ["3-4 of the node N of b#.exr"],
    ],
    [
      "a slot but for one file",
      ["N/I0001.exr||N", "N/I0002.exr||N", "N/I0003.exr||N", "N/Z0001.exr||N"],
      ["2-3 of the node N of N/Z#.exr"],
    ],
  ])("what nobody names is missed by its name: %s", (_what, names, expected) => {
    const outputs = offer(names);
    const frames = outputs.flatMap(({ frame }) => frame ?? []);
    const kinds = outputs.slice(0, 1).map(({ kind }) => kind);
    expect(findMissing(outputs, frames, kinds).missingParts).toEqual(expected);
  });

  test.each([
    ["a copy, a cover and another range", ["m_0001~2.png", "m_0002 (1).png", "cover.png", "cover_0900.png"]],
    ["frames of which each has another name", ["x_0004_af.png", "x_0005_be.png"]],
  ])("a few files that go beside the frames are not a view: %s", (_what, others) => {
    const names = ["m_0001.png", "m_0002.png", "m_0003.png", ...others];
    expect(findMissing(offer(names), [1, 2, 3]).missingFrames).toEqual([]);
  });

  test("names with a hash are not views", () => {
    const names = ["m_0001_aa.png", "m_0002_bb.png", "m_0003_cc.png"];
    expect(findMissing(offer(names), [1, 2, 3]).missingFrames).toEqual([]);
  });

  test("what was not asked for is not missing", () => {
    expect(findMissing(offer(EYES), [1, 2, 3], ["video"]).missingFrames).toEqual([]);
    expect(findMissing(offer(NODES), [1, 2], ["compositeNode"]).missingFrames).toEqual([]);
    expect(findMissing(offer([]), undefined).missingFrames).toEqual([]);
  });

  test("a scene that renders into a movie has no frames to miss", () => {
    const { outputs } = planOutputs({ transforms: { video: { mp4: url("shot.mp4") } } });
    expect(findMissing(outputs, [1, 2, 3]).missingFrames).toEqual([]);
  });
});

describe("choosePlaces", () => {
  test("names frames by a pattern, whatever their view is called", () => {
    const outputs = offer(["v_0005_cam1.png|cam1", "v_0005_cam2.png|cam2", "v_0006_cam1.png|cam1"]);
    expect([...choosePlaces(outputs, "sh010_####").values()]).toEqual([
      "sh010_0005_cam1.png",
      "sh010_0005_cam2.png",
      "sh010_0006_cam1.png",
    ]);
  });

  test("gives no two files one name", () => {
    const outputs = offer(["a_0001.png", "b_0001.png", "Shot_0001.png||Image"]);
    expect([...choosePlaces(outputs, "shot_####").values()]).toEqual([
      "shot_0001.png",
      "b_0001.png",
      "Shot_0001~2.png",
    ]);
  });
});

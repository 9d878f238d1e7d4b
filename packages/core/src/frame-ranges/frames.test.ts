import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigError } from "../errors/index.ts";
import { compactFrames, expandFrames, missingFrames, parseFrameRanges, toFrameRanges } from "./index.ts";

const frames = fc.array(fc.integer({ min: -500, max: 500 }), { maxLength: 60 });

describe("expandFrames", () => {
  test.each([
    ["7", [7]],
    ["1-4", [1, 2, 3, 4]],
    ["1,5,9", [1, 5, 9]],
    ["1-10x3", [1, 4, 7, 10]],
    ["1-9x3", [1, 4, 7]],
    ["4-1", [4, 3, 2, 1]],
    ["10-1x4", [10, 6, 2]],
    ["-3", [-3]],
    ["-3--1", [-3, -2, -1]],
    ["-1-1", [-1, 0, 1]],
    ["1--1", [1, 0, -1]],
    [" 1 - 3 , 7 ", [1, 2, 3, 7]],
    ["5-5", [5]],
  ])("%s", (spec, expected) => {
    expect(expandFrames(spec)).toEqual(expected);
  });

  test("takes lists, keeps the order and names each frame once", () => {
    expect(expandFrames(["5-7", "1-6"])).toEqual([5, 6, 7, 1, 2, 3, 4]);
  });
});

describe("what is not a frame range is refused with the place of the mistake", () => {
  test.each([
    "",
    "1,,3",
    "1-",
    "a",
    "1-10x0",
    "1..5",
    "1-10x",
    "1-2-3",
    "99999999999999999999",
    "0-999999999",
  ])("%j", (spec) => {
    expect(() => expandFrames(spec)).toThrow(ConfigError);
  });

  test("and examples", () => {
    expect(() => parseFrameRanges("1-10,x")).toThrow(
      expect.objectContaining({
        message: '"x" is not a frame range.',
        hint: expect.stringContaining("1-250"),
      }),
    );
  });
});

describe("compactFrames", () => {
  test.each([
    [[], ""],
    [[3], "3"],
    [[1, 2], "1-2"],
    [[1, 3], "1,3"],
    [[3, 2, 1, 1], "1-3"],
    [[1, 2, 3, 10, 20, 30], "1-3,10-30x10"],
    [[-3, -2, -1], "-3--1"],
  ])("%j is %j", (list, expected) => {
    expect(compactFrames(list)).toBe(expected);
  });

  test("says exactly the same frames", () => {
    fc.assert(
      fc.property(frames, (list) => {
        fc.pre(list.length > 0);
        const sorted = [...new Set(list)].sort((a, b) => a - b);
        expect(expandFrames(compactFrames(list))).toEqual(sorted);
      }),
    );
  });
});

describe("toFrameRanges", () => {
  test("sends what any server understands: ranges without a step, and single frames", () => {
    expect(toFrameRanges("1-250,7,1-9x4,3-1")).toEqual(["1-250", "7", "1", "5", "9", "1-3"]);
  });

  test("asks for the same frames as were asked for", () => {
    fc.assert(
      fc.property(frames, (list) => {
        fc.pre(list.length > 0);
        const spec = compactFrames(list);
        expect(expandFrames(toFrameRanges(spec)).sort()).toEqual(expandFrames(spec).sort());
      }),
    );
  });
});

test("missingFrames keeps the order of what was wanted", () => {
  expect(missingFrames([5, 4, 3, 3, 2], [4])).toEqual([5, 3, 2]);
  expect(missingFrames([], [1])).toEqual([]);
});

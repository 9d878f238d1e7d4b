import { expect, test } from "vitest";
import { describeShortfall, isComplete } from "./describe-shortfall.ts";

const file = (index: number) =>
  ({ relativePath: `a_${index}.png`, code: "download_corrupt", reason: "It is cut off." }) as const;

test("a complete download has no shortfall", () => {
  const summary = { missingFrames: [], missingParts: [], failedFiles: [] };
  expect(describeShortfall(summary)).toEqual([]);
  expect(isComplete(summary)).toBe(true);
});

test("missing frames are rendered again; failed files are only downloaded again", () => {
  const summary = { missingFrames: [2, 3], missingParts: ["2-3 of the view right"], failedFiles: [file(1)] };
  expect(describeShortfall(summary)).toEqual([
    {
      message: "The job has no files for some of the frames: 2-3 of the view right.",
      hint: "Submit the scene again with only these frames: 2-3.",
    },
    {
      message: "1 file could not be downloaded.\na_1.png: It is cut off.",
      hint: expect.stringMatching(/nothing is rendered again/),
    },
  ]);
  expect(isComplete(summary)).toBe(false);
  expect(isComplete({ ...summary, missingFrames: [] })).toBe(false);
});

test("of many failed files, the first few are listed", () => {
  const failedFiles = Array.from({ length: 100 }, (_, index) => file(index));
  const [shortfall] = describeShortfall({ missingFrames: [], missingParts: [], failedFiles });
  expect(shortfall?.message.split("\n")).toHaveLength(12);
  expect(shortfall?.message).toMatch(/… and 90 more files\.$/);
});

import { expect, test } from "vitest";
import { fuzzDownloads } from "./fuzz/fuzz-downloads.ts";

test("whatever a farm answers, a download ends in its file or in an error with a code", async () => {
  const { identical, errors } = await fuzzDownloads({ runs: 300, seed: 14 });
  // The farm is not so bad that nothing comes, nor so good that nothing fails.
  expect(identical).toBeGreaterThan(100);
  expect(Object.keys(errors)).toEqual(expect.arrayContaining(["download_corrupt", "download_incomplete"]));
});

import type { DownloadSummary } from "@renderjuice/core";
import { expect, test } from "vitest";
import { describeOutcome, isSuccess } from "../src/outcome.ts";
import { createRun } from "../src/scene-run.ts";

const downloads: DownloadSummary = {
  outDir: "renders",
  files: [],
  missingFrames: [],
  missingParts: [],
  failedFiles: [],
};
const run = (changes: object) =>
  Object.assign(createRun({ name: "shot.blend", outputDir: "renders" }), { jobId: "j1", downloads }, changes);

test("if the job has no files for a frame, the step fails and says what to render again", () => {
  const lacking = run({ missingFrames: [2], missingParts: ["2 of the view right"] });
  expect(isSuccess(lacking)).toBe(false);
  expect(describeOutcome(lacking)).toBe(
    "The job has no files for some of the frames: 2 of the view right. Submit the scene again with only these frames: 2. (job-id: j1)",
  );
});

test("if a file could not be downloaded, the step fails and says to download it again", () => {
  const failedFiles = [
    { relativePath: "a_0001.png", frame: 1, code: "download_corrupt", reason: "It is cut off." },
  ];
  const failed = run({ downloads: { ...downloads, failedFiles } });
  expect(isSuccess(failed)).toBe(false);
  expect(describeOutcome(failed)).toBe(
    "1 file could not be downloaded.\na_0001.png: It is cut off. Download again with the same job id: only the missing files are downloaded, and nothing is rendered again. (job-id: j1)",
  );
});

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

test("frames that the job lacks are to be rendered again", () => {
  const lacking = run({ missingFrames: [2], missingParts: ["2 of the view right"] });
  expect(isSuccess(lacking)).toBe(false);
  expect(describeOutcome(lacking)).toMatch(
    /missing: 2 of the view right\. Render just these, with frames: 2$/,
  );
});

test("files that could not be fetched fail the step, and are fetched again rather than rendered", () => {
  const failedFiles = [
    { relativePath: "a_0001.png", frame: 1, code: "download_corrupt", reason: "It is cut off." },
  ];
  const failed = run({ downloads: { ...downloads, failedFiles } });
  expect(isSuccess(failed)).toBe(false);
  expect(describeOutcome(failed)).toBe(
    "Job j1 is complete, but 1 file could not be fetched. a_0001.png: It is cut off. Fetch them in another run, with job-id: j1",
  );
});

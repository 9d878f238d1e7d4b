import { foldEvent, initialState, type JobEvent, type JobState } from "@renderjuice/core";
import { expect, test } from "vitest";
import { describeProgress } from "../src/run/task-progress.ts";

const JOB = "j1";
const EVENTS: JobEvent[] = [
  { type: "upload-started", fileName: "a.blend", sizeBytes: 100 },
  { type: "upload-progressed", sentBytes: 50, totalBytes: 100 },
  { type: "job-created", jobId: JOB },
  { type: "render-accepted", jobId: JOB, wasReplayed: false },
  { type: "render-progressed", jobId: JOB, completedFrames: 2, totalFrames: 4 },
  { type: "job-finished", jobId: JOB, job: { id: JOB, status: "completed" } },
  { type: "download-started", outDir: "/out", fileCount: 4 },
  {
    type: "file-finished",
    file: { relativePath: "1.png", path: "/out/1.png", sizeBytes: 1, wasSkipped: false },
  },
];

test("goes from 0 to 100, most of it for the render", () => {
  const states: JobState[] = [];
  for (const event of EVENTS) states.push(foldEvent(states.at(-1) ?? initialState(), event));
  expect(states.map(describeProgress)).toEqual([
    { percent: 0, status: "Uploading a.blend" },
    { percent: 5, status: "Uploading: 50%" },
    { percent: 10, status: "Validating the scene" },
    { percent: 15, status: "Waiting for the render to start" },
    { percent: 52.5, status: "Rendering: 2 of 4 frames" },
    { percent: 90, status: "Rendered" },
    { percent: 90, status: "Downloading: 0 of 4 files" },
    { percent: 92.5, status: "Downloading: 1 of 4 files" },
  ]);
});

test("a job whose number of frames is not known yet shows none", () => {
  const event: JobEvent = { type: "render-progressed", jobId: JOB, completedFrames: 2 };
  expect(describeProgress(foldEvent(initialState(), event))?.status).toBe("Waiting for the render to start");
});

import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { describeFailure, failureOf } from "../src/job/describe-failure.ts";
import type { JobState } from "../src/job/job-state.ts";

const state = (changes: Partial<JobState>): JobState => ({
  id: "4f1c4f1c",
  revision: 1,
  phase: "uploading",
  message: "",
  warnings: [],
  ...changes,
});
const error = (changes: Partial<Parameters<typeof describeFailure>[0]>) => ({
  ...{
    code: "connection_failed" as const,
    message: "The connection broke.",
    hint: "Check the network.",
    isRetryable: true,
  },
  ...changes,
});

test("before there is a job, every error is the end", () => {
  expect(describeFailure(error({}), state({}))).toEqual({
    phase: "failed",
    message: "The connection broke.",
    hint: "Check the network.",
  });
});

test("a render that goes on at the farm is not given up for an error of ours", () => {
  for (const phase of ["rendering", "downloading"] as const) {
    const change = describeFailure(
      error({ code: "download_incomplete", isRetryable: false }),
      state({ phase }),
    );
    expect(change).toMatchObject({ phase: "stopped", hint: expect.stringContaining("attach()") });
  }
});

test("a start whose answer was lost may have taken effect", () => {
  expect(describeFailure(error({}), state({ phase: "validating", renderJobId: "JOB" }))).toMatchObject({
    phase: "stopped",
  });
});

test("a start whose answer cannot be understood may have taken effect too", () => {
  const garbled = error({ code: "unexpected_response", isRetryable: false });
  expect(describeFailure(garbled, state({ phase: "validating", renderJobId: "JOB" }))).toMatchObject({
    phase: "stopped",
  });
});

test("a refusal is the end, as the farm's own failure is", () => {
  const refused = error({ code: "request_refused", isRetryable: false });
  expect(describeFailure(refused, state({ phase: "validating", renderJobId: "JOB" }))).toMatchObject({
    phase: "failed",
  });
  expect(describeFailure(error({ code: "job_failed" }), state({ phase: "rendering" }))).toMatchObject({
    phase: "failed",
  });
});

test("canceled in the dashboard is canceled", () => {
  expect(describeFailure(error({ code: "job_canceled" }), state({ phase: "rendering" }))).toMatchObject({
    phase: "canceled",
  });
});

test("what the file system refuses is reported with what to check, and not as a bug", async () => {
  const refused = await readFile("/nowhere/shot.blend").catch(failureOf);
  expect(refused).toMatchObject({
    message: expect.stringContaining("/nowhere/shot.blend"),
    hint: expect.stringContaining("the disk is not full"),
  });
  expect(failureOf(new TypeError("x is not a function"))).toBeUndefined();
});

import { readFile } from "node:fs/promises";
import {
  AmbiguousOutcomeError,
  ConnectionError,
  DownloadError,
  initialState,
  JobCanceledError,
  JobFailedError,
  type JobState,
  SceneIncompleteError,
} from "@renderjuice/core";
import { apiErrorFrom } from "@renderjuice/core/adapter";
import { expect, test } from "vitest";
import { describeFailure } from "../src/job/describe-failure.ts";

const at = (phase: JobState["phase"]): JobState => ({ ...initialState(), phase, jobId: "JOB" });
const connectionLost = new ConnectionError({ host: "api.example", systemCode: "ECONNRESET" });
const job = { id: "JOB", status: "failed" };

function refused(operation: string) {
  const request = { operation, method: "POST", url: "https://api.example/jobs/JOB", attempts: 1 };
  return apiErrorFrom({ ...request, status: 400, body: "{}", contentType: "application/json" });
}

test("before there is a job, every error is the end", () => {
  expect(describeFailure(connectionLost, initialState())).toEqual({
    phase: "failed",
    message: connectionLost.message,
    hint: connectionLost.hint,
  });
});

test.each(["rendering", "rendered", "downloading", "unknown"] as const)(
  "a job that is %s is not given up for an error of ours",
  (phase) => {
    const error = new DownloadError({ code: "download_incomplete", message: "It is cut off." });
    expect(describeFailure(error, at(phase))).toMatchObject({
      phase: "stopped",
      hint: expect.stringContaining("attach()"),
    });
  },
);

test("a start whose answer was lost may have taken effect", () => {
  const inDoubt = new AmbiguousOutcomeError({ operation: "start render" });
  for (const error of [connectionLost, inDoubt])
    expect(describeFailure(error, at("starting"))).toMatchObject({ phase: "stopped" });
});

test("a job that has not started goes on after a connection that broke, or an answer that was lost", () => {
  expect(describeFailure(connectionLost, at("validating"))).toMatchObject({ phase: "stopped" });
});

test("a refusal is the end, as the farm's own failure is", () => {
  expect(describeFailure(refused("start render"), at("starting"))).toMatchObject({ phase: "failed" });
  expect(describeFailure(refused("validate job"), at("validating"))).toMatchObject({ phase: "failed" });
  const failed = new JobFailedError({ job, reason: "no camera" });
  expect(describeFailure(failed, at("rendering"))).toMatchObject({ phase: "failed" });
});

test("a refused look at a render is not", () => {
  expect(describeFailure(refused("get job"), at("rendering"))).toMatchObject({ phase: "stopped" });
});

test("a job that was not started because files are missing is over, also after a restart", () => {
  const error = new SceneIncompleteError({
    job,
    missingFiles: ["wood.png"],
    message: "wood.png is missing.",
  });
  expect(describeFailure(error, at("unknown"))).toMatchObject({
    phase: "failed",
    hint: expect.stringContaining("without require_complete"),
  });
});

test("canceled in the dashboard is canceled", () => {
  const error = new JobCanceledError({ job: { ...job, status: "canceled" } });
  expect(describeFailure(error, at("rendering"))).toMatchObject({ phase: "canceled" });
});

test("what the file system refuses is reported with what to check, and not as a bug", async () => {
  const error = await readFile("/nowhere/shot.blend").catch((cause) => cause);
  expect(describeFailure(error, initialState())).toMatchObject({
    phase: "failed",
    message: expect.stringContaining("/nowhere/shot.blend"),
    hint: expect.stringContaining("the disk is not full"),
  });
  expect(describeFailure(new TypeError("x is not a function"), initialState())).toBeUndefined();
});

import { ConfigError, ConnectionError, JobFailedError, PreflightError, UploadError } from "@renderjuice/core";
import { RunTakenOverError } from "@renderjuice/core/adapter";
import { describe, expect, test } from "vitest";
import { describeError } from "../src/describe-error.ts";
import { EXIT, exitCodeOf, exitCodeOfTask } from "../src/exit-codes.ts";

const PERMANENT = [
  new ConfigError({ code: "invalid_option", option: "resolutionPercent", message: "no such setting" }),
  new JobFailedError({ job: { id: "j", status: "failed" }, reason: "no camera" }),
  new PreflightError({ issues: [] }),
  new TypeError("a bug"),
];
const TEMPORARY = [
  new ConnectionError({ host: "api.example", systemCode: "ECONNREFUSED" }),
  new UploadError({ code: "source_changed", message: "saved", file: "a.blend" }),
  new RunTakenOverError({ recordFile: "/out/run.json", silentMs: 10_000, cause: new Error("lost") }),
  Object.assign(new Error("no space left"), { code: "ENOSPC", syscall: "write" }),
];
const FAULTS_OF_A_WORKER = [
  new ConfigError({ code: "missing_api_key", option: "apiKey", message: "no key" }),
  new ConfigError({ code: "invalid_option", option: "apiKeyFile", message: "no key file" }),
  new UploadError({ code: "source_unreadable", message: "no file", file: "a.blend" }),
];

test.each(PERMANENT)("$name: $message fails the job", (error) => {
  expect([exitCodeOf(error), exitCodeOfTask(error)]).toEqual([EXIT.permanent, EXIT.permanent]);
});

test.each(TEMPORARY)("$name: $message requeues the task", (error) => {
  expect([exitCodeOf(error), exitCodeOfTask(error)]).toEqual([EXIT.temporary, EXIT.temporary]);
});

test.each(FAULTS_OF_A_WORKER)(
  "$name: $message requeues a task, and is final where there is one machine",
  (error) => {
    expect([exitCodeOf(error), exitCodeOfTask(error)]).toEqual([EXIT.permanent, EXIT.temporary]);
  },
);

describe("what is wrong with a Worker is said with what to do there", () => {
  test.each([
    [
      new ConfigError({ code: "missing_api_key", option: "apiKey", message: "No key was found." }),
      /^No key was found\. Set RENDERJUICE_API_KEY .* in the Worker's environment/,
    ],
    [
      new ConfigError({ code: "invalid_option", option: "apiKeyFile", message: "The file cannot be read." }),
      /^The file cannot be read\. Put the key into that file/,
    ],
    [
      Object.assign(new Error("EACCES: permission denied, mkdir '/mnt/out'"), { syscall: "mkdir" }),
      /^EACCES.*'\/mnt\/out'\. Check that the share is mounted/,
    ],
  ])("%s", (error, text) => {
    expect(describeError(error)).toMatch(text);
  });
});

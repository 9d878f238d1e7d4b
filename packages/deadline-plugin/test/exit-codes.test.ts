import { ConfigError, ConnectionError, JobFailedError, UploadError } from "@renderjuice/core";
import { expect, test } from "vitest";
import { EXIT, exitCodeOf } from "../src/exit-codes.ts";

const PERMANENT = [
  new ConfigError({ code: "missing_api_key", option: "apiKey", message: "no key" }),
  new JobFailedError({ job: { id: "j", status: "failed" }, reason: "no camera" }),
  new UploadError({ code: "source_unreadable", message: "no file", file: "a.blend" }),
  new TypeError("a bug"),
];
const TEMPORARY = [
  new ConnectionError({ host: "api.example", systemCode: "ECONNREFUSED", wasRequestSent: "no" }),
  new UploadError({ code: "source_changed", message: "saved", file: "a.blend" }),
  Object.assign(new Error("no space left"), { code: "ENOSPC", syscall: "write" }),
];

test.each(PERMANENT)("$name: $message fails the job", (error) => {
  expect(exitCodeOf(error)).toBe(EXIT.permanent);
});

test.each(TEMPORARY)("$name: $message requeues the task", (error) => {
  expect(exitCodeOf(error)).toBe(EXIT.temporary);
});

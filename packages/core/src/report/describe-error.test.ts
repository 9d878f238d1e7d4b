import { describe, expect, test } from "vitest";
import { apiErrorFrom, ConfigError, JobFailedError } from "../errors/index.ts";
import { describeError } from "./describe-error.ts";

const refused = (status: number, retryAfterMs?: number) =>
  apiErrorFrom({
    operation: "list jobs",
    status,
    method: "GET",
    url: "https://api.example/jobs",
    body: '{"message":"Too many requests"}',
    contentType: "application/json",
    attempts: 1,
    retryAfterMs,
  });

describe("an error of ours", () => {
  test("has its message, its hint, both together, and the job", () => {
    const error = new JobFailedError({ job: { id: "j1", status: "failed" }, reason: "out of memory" });
    expect(describeError(error)).toMatchObject({
      code: "job_failed",
      message: "Job j1 failed: out of memory.",
      hint: "Fix the scene or the settings and submit again; a failed job cannot be restarted.",
      text: "Job j1 failed: out of memory. Fix the scene or the settings and submit again; a failed job cannot be restarted.",
      jobId: "j1",
      isRetryable: false,
      details: { name: "JobFailedError", code: "job_failed", jobId: "j1" },
    });
  });

  test("puts each problem of a list on a separate line", () => {
    const message = "Invalid render settings:\n✖ sampleCount";
    const { text } = describeError(
      new ConfigError({ code: "invalid_option", option: "settings", message, hint: "Fix them." }),
    );
    expect(text).toBe(`${message}\nFix them.`);
  });
});

describe("hints of a host", () => {
  const error = refused(401);

  test("replace the neutral one, also in the details", () => {
    const described = describeError(error, { hints: { authentication_failed: "Open Settings." } });
    expect(described).toMatchObject({ hint: "Open Settings.", details: { hint: "Open Settings." } });
    expect(described.text).toMatch(/ Open Settings\.$/);
  });

  test("can build on it", () => {
    const hints = {
      authentication_failed: ({ hint }: { hint: string | undefined }) => `${hint} Run doctor.`,
    };
    expect(describeError(error, { hints }).hint).toBe(`${error.hint} Run doctor.`);
  });

  test("can leave it out", () => {
    const { hint, text } = describeError(error, { hints: { authentication_failed: () => undefined } });
    expect(hint).toBeUndefined();
    expect(text).toBe(error.message);
  });

  test("for other errors change nothing", () => {
    expect(describeError(refused(500), { hints: { authentication_failed: "Open Settings." } }).hint).toMatch(
      /Try again/,
    );
  });
});

describe("a rate limit", () => {
  test("says how long the API asks to wait, and nothing twice", () => {
    expect(describeError(refused(429, 20 * 60_000)).text).toBe(
      'The server refused "list jobs" with status 429: Too many requests. The API asks you to wait 20m. Then try again, or run fewer clients at the same time.',
    );
  });

  test("without a time asks for a few minutes", () => {
    expect(describeError(refused(429)).hint).toMatch(/^Wait a few minutes\. Then/);
  });
});

describe("what is not ours", () => {
  test("an abort", () => {
    const { code, message, hint } = describeError(
      new DOMException("This operation was aborted", "AbortError"),
    );
    expect({ code, message, hint }).toEqual({
      code: "aborted",
      message: "This operation was aborted.",
      hint: undefined,
    });
  });

  test("what the operating system refused", () => {
    const error = Object.assign(new Error("ENOSPC: no space left on device, write"), {
      syscall: "write",
      path: "/out/a.png",
    });
    expect(describeError(error)).toMatchObject({
      code: "system_error",
      message: "ENOSPC: no space left on device, write.",
      hint: expect.stringContaining("disk is not full"),
    });
    expect(describeError(error, { hints: { system_error: "Mount the share." } }).hint).toBe(
      "Mount the share.",
    );
  });

  test("a bug: with its stack, and a place for the host's words", () => {
    const error = new TypeError("x is undefined");
    expect(describeError(error, { hints: { unexpected_error: "Report it." } })).toMatchObject({
      code: "unexpected_error",
      message: "x is undefined.",
      hint: "Report it.",
      stack: expect.stringContaining("describe-error.test"),
      details: { code: "unexpected_error", message: "x is undefined." },
    });
  });

  test.each([
    ["it broke", "it broke."],
    [42, "42."],
    [{ message: "from elsewhere" }, "from elsewhere."],
    [{ status: 500 }, '{"status":500}.'],
    [{ count: 1n }, "Something failed without giving a reason."],
    [undefined, "Something failed without giving a reason."],
    [null, "Something failed without giving a reason."],
    [new Error(""), "Error."],
  ])("any value: %s", (value, message) => {
    expect(describeError(value)).toMatchObject({ code: "unexpected_error", message, jobId: undefined });
  });
});

test("no text commands a terminal or shows a secret", () => {
  const error = new Error("\u001b[2Jdone https://host/a?sig=abcdefgh\n::error::x");
  const { message, stack } = describeError(error, { hints: { unexpected_error: "\u202eok" } });
  expect(message).toBe("\\x1b[2Jdone https://host/a?[redacted]\n\\x3a:error::x");
  expect(stack).not.toContain("\u001b");
  expect(describeError(error, { hints: { unexpected_error: "\u202eok" } }).hint).toBe("\\u202eok");
});

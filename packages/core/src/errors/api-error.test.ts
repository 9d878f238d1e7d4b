import { describe, expect, test } from "vitest";
import {
  ApiError,
  AuthenticationError,
  apiErrorFrom,
  ConfigError,
  RateLimitError,
  RenderjuiceError,
  ServerError,
} from "./index.ts";

function errorOf(status: number, body = "") {
  return apiErrorFrom({
    operation: "get job",
    status,
    method: "GET",
    url: "https://api.example/jobs/1?x=1",
    body,
    contentType: "",
    attempts: 1,
  });
}

test.each([
  [400, "invalid_request", false],
  [401, "authentication_failed", false],
  [402, "payment_required", false],
  [403, "permission_denied", false],
  [404, "not_found", false],
  [409, "conflict", false],
  [418, "request_refused", false],
  [422, "invalid_request", false],
  [429, "rate_limited", true],
  [408, "server_error", true],
  [500, "server_error", true],
  [503, "server_error", true],
])("status %i is %s", (status, code, isRetryable) => {
  const error = errorOf(status);
  expect(error).toMatchObject({ code, isRetryable, status, url: "https://api.example/jobs/1" });
  expect(error.hint).toBeTruthy();
});

describe("what is not there is explained by who says so", () => {
  const hintOf = (path: string, contentType: string) =>
    apiErrorFrom({
      operation: "ask",
      status: 404,
      method: "GET",
      url: `https://api.example${path}`,
      body: "",
      contentType,
      attempts: 1,
    }).hint;

  test("the API does not know the job", () => {
    expect(hintOf("/jobs/1", "application/json")).toContain("Check the job id");
  });

  test.each([
    ["/jobs/1", "text/html"],
    ["/jobs?page=1", "application/json"],
    ["/uploads", "application/json"],
    ["/jobs/progress", "application/json"],
  ])("%s as %s: there is no API", (path, contentType) => {
    expect(hintOf(path, contentType)).toContain("Check the API URL");
  });
});

describe("the server's own words are found in any form of body", () => {
  test.each([
    ["ours", '{"error":{"code":"bad_state","message":"Job is rendering"}}', "Job is rendering"],
    ["message", '{"message":"Job is rendering"}', "Job is rendering"],
    ["text in error", '{"error":"Job is rendering"}', "Job is rendering"],
    ["NestJS", '{"statusCode":400,"message":["Job is rendering"],"error":"Bad Request"}', "Job is rendering"],
    [
      "zod",
      '{"message":"Invalid","issues":[{"path":["slug"],"message":"Required"}]}',
      "Invalid: slug: Required",
    ],
    ["HTML", "<html><head><title>502 Bad Gateway</title></head></html>", "502 Bad Gateway"],
    [
      "XML",
      "<?xml?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>",
      "Request has expired",
    ],
    ["plain text", "Job is rendering", "Job is rendering"],
  ])("%s", (_name, body, words) => {
    expect(errorOf(400, body).message).toBe(`The server refused "get job" with status 400: ${words}.`);
  });

  test("none at all", () => {
    expect(errorOf(400, "").message).toBe('The server refused "get job" with status 400.');
  });
});

describe("what is not there", () => {
  const absent = (url: string, contentType: string) =>
    apiErrorFrom({
      ...{ operation: "get job", status: 404, method: "GET", body: "", attempts: 1 },
      ...{ url, contentType },
    });

  test.each(["", "?x=1"])("is the job, when the API says so: %s", (rest) => {
    const error = absent(`https://api.example/v1/jobs/a1${rest}`, "application/json; charset=utf-8");
    expect(error.message).toBe("There is no job a1 in this workspace.");
  });

  test.each([
    ["https://api.example/v1/jobs/a1", "text/html", "Check the API URL"],
    ["https://api.example/v1/jobs?page=1", "application/json", "Check the API URL"],
    ["https://api.example/v1/jobs/a1/render", "application/json", "Check the job id and the workspace"],
  ])("is the address otherwise, or what the API says: %s, %s", (url, contentType, hint) => {
    const error = absent(url, contentType);
    expect(error.message).toContain("with status 404");
    expect(error.hint).toContain(hint);
  });
});

describe("isInstance", () => {
  test("knows classes and their parents", () => {
    const error = errorOf(429);
    expect(RateLimitError.isInstance(error)).toBe(true);
    expect(ApiError.isInstance(error)).toBe(true);
    expect(RenderjuiceError.isInstance(error)).toBe(true);
    expect(ServerError.isInstance(error)).toBe(false);
    expect(ConfigError.isInstance(error)).toBe(false);
    expect(RenderjuiceError.isInstance(new Error("other"))).toBe(false);
    expect(RenderjuiceError.isInstance(null)).toBe(false);
  });

  test("knows an error of another copy of the package", () => {
    const foreign = Object.assign(new Error("x"), {
      [Symbol.for("renderjuice.error")]: ["AuthenticationError", "ApiError", "RenderjuiceError"],
    });
    expect(AuthenticationError.isInstance(foreign)).toBe(true);
  });
});

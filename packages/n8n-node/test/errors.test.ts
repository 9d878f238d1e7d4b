import { inspect } from "node:util";
import { ConfigError, ConnectionError, JobCanceledError, JobFailedError } from "@renderjuice/core";
import { apiErrorFrom, withJob } from "@renderjuice/core/adapter";
import { type INode, NodeApiError, NodeOperationError } from "n8n-workflow";
import { describe, expect, test } from "vitest";
import { toErrorJson, toNodeError } from "../nodes/Renderjuice/shared/errors.ts";
import { requestFailure } from "../nodes/Renderjuice/shared/transport.ts";

const NODE: INode = {
  id: "1",
  name: "Renderjuice",
  type: "n8n-nodes-renderjuice.renderjuice",
  typeVersion: 1,
  position: [0, 0],
  parameters: {},
};
const refusal = (status: number, message: string) =>
  apiErrorFrom({
    operation: "create job",
    status,
    method: "POST",
    url: "https://api.example/jobs",
    body: JSON.stringify({ error: { message } }),
    contentType: "application/json",
    attempts: 1,
  });

describe("an error as n8n shows it", () => {
  test("a refusal by the API keeps its status and has our hint, not the text of the response", () => {
    const error = toNodeError(NODE, refusal(401, "no such key"), 2);
    expect(error).toBeInstanceOf(NodeApiError);
    expect(error).toMatchObject({
      message: 'The server refused "create job" with status 401: no such key.',
      description: expect.stringContaining("Check the Renderjuice credential"),
      httpCode: "401",
      context: { itemIndex: 2, code: "authentication_failed" },
    });
  });

  test("a start that was refused says that nothing is rendered or billed", () => {
    const refused = apiErrorFrom({
      operation: "start render",
      status: 402,
      method: "POST",
      url: "https://api.example/jobs/1/render",
      body: "{}",
      contentType: "application/json",
      attempts: 1,
    });
    const { description } = toNodeError(NODE, withJob(refused, "11111111-2222-4333-8444-555555555555"));
    expect(description).toContain("was not started and is not billed");
    expect(description).not.toContain("may be rendering");
  });

  test("a server that cannot be reached is an API error too", () => {
    const cause = new ConnectionError({
      host: "localhost:1",
      systemCode: "ECONNREFUSED",
    });
    const error = toNodeError(NODE, cause, 0);
    expect(error).toBeInstanceOf(NodeApiError);
    expect(error).toMatchObject({ message: cause.message, description: cause.hint });
  });

  test("an invalid setting is an operation error", () => {
    const cause = new ConfigError({ code: "invalid_option", option: "frames", message: "No.", hint: "Yes." });
    const error = toNodeError(NODE, cause, 1);
    expect(error).toBeInstanceOf(NodeOperationError);
    expect(error).toMatchObject({ message: "No.", description: "Yes.", context: { itemIndex: 1 } });
  });

  test("an error that n8n throws is kept, and gets the item", () => {
    const cause = new NodeOperationError(NODE, "This item has no binary data");
    expect(toNodeError(NODE, cause, 3)).toBe(cause);
    expect(cause.context.itemIndex).toBe(3);
  });

  test("anything unexpected has its stack, and no secrets", () => {
    const cause = new TypeError("fetch https://storage.example/a?sig=abcdefgh failed");
    const error = toNodeError(NODE, cause, 0);
    expect(error).toBeInstanceOf(NodeOperationError);
    expect(error).toMatchObject({
      message: "fetch https://storage.example/a?[redacted] failed.",
      context: { itemIndex: 0, code: "unexpected_error" },
      stack: expect.stringContaining("errors.test"),
    });
    expect(inspect(error)).not.toContain("abcdefgh");
  });

  test("a canceled job is spelled so that n8n does not take the execution for one that a person stopped", () => {
    const cause = new JobCanceledError({ job: { id: "j1", status: "canceled" } });
    const { message } = toNodeError(NODE, cause);
    expect(message).toBe("Job j1 was cancelled.");
  });

  test("a job that may be rendering is named, with how to continue", () => {
    const { description } = toNodeError(NODE, withJob(refusal(500, "busy"), "j1"));
    expect(description).toContain("Job j1 exists and may be rendering.");
  });
});

describe("the item of a failure, if the node continues", () => {
  const jsonOf = (error: unknown) => toErrorJson(toNodeError(NODE, error, 1));

  test("has the message, and the rest in its details", () => {
    expect(jsonOf(refusal(404, "no such job"))).toEqual({
      error: 'The server refused "create job" with status 404: no such job.',
      details: {
        code: "not_found",
        description: expect.stringContaining("Check the slug"),
        httpCode: "404",
      },
    });
  });

  test("names the job", () => {
    const failed = new JobFailedError({ job: { id: "j1", status: "failed" }, reason: "out of memory" });
    expect(jsonOf(failed)).toMatchObject({ details: { code: "job_failed", jobId: "j1" } });
  });

  test("has what n8n says about its own errors", () => {
    const cause = new NodeOperationError(NODE, "No binary data", { description: "Check the field." });
    expect(jsonOf(cause)).toEqual({ error: "No binary data", details: { description: "Check the field." } });
  });
});

describe("a request without a response", () => {
  const request = { method: "GET", url: "http://localhost:1/jobs", timeoutMs: 1000 } as const;
  const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });

  test.each([
    ["axios", refused],
    ["n8n, wrapped around that", new NodeApiError(NODE, refused as never)],
  ])("by %s is a connection error", (_who, error) => {
    expect(requestFailure(error, request)).toMatchObject({
      code: "connection_failed",
      message: "Nothing is listening at localhost:1 (ECONNREFUSED).",
      wasRequestSent: "no",
    });
  });

  test("of a stopped execution is an abort", () => {
    expect(
      requestFailure(Object.assign(new Error("canceled"), { code: "ERR_CANCELED" }), request),
    ).toMatchObject({ name: "AbortError" });
  });

  test.each([
    ["an error without a code", new TypeError("a bug")],
    ["core's own error", refusal(403, "Expired")],
  ])("%s is left alone", (_what, error) => {
    expect(requestFailure(error, request)).toBe(error);
  });
});

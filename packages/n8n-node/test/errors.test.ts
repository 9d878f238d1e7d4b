import { ConfigError, ConnectionError } from "@renderjuice/core";
import { apiErrorFrom, withJob } from "@renderjuice/core/adapter";
import { type INode, NodeApiError, NodeOperationError } from "n8n-workflow";
import { describe, expect, test } from "vitest";
import { toErrorJson, toNodeError } from "../nodes/Renderjuice/shared/errors.ts";
import { describeFailure } from "../nodes/Renderjuice/shared/transport.ts";

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
  test("a refusal of the API keeps its status and has our hint, not the body's text", () => {
    const error = toNodeError(NODE, refusal(401, "no such key"), 2);
    expect(error).toBeInstanceOf(NodeApiError);
    expect(error).toMatchObject({
      message: 'The server refused "create job" with status 401: no such key.',
      description: expect.stringContaining("Check the Renderjuice credential"),
      httpCode: "401",
      context: { itemIndex: 2, code: "authentication_failed" },
    });
  });

  test("a start that was refused is told as what it is: nothing renders, nothing is billed", () => {
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

  test("a setting that makes no sense is an operation error", () => {
    const cause = new ConfigError({ code: "invalid_option", option: "frames", message: "No.", hint: "Yes." });
    const error = toNodeError(NODE, cause, 1);
    expect(error).toBeInstanceOf(NodeOperationError);
    expect(error).toMatchObject({ message: "No.", description: "Yes.", context: { itemIndex: 1 } });
  });

  test("an error of n8n stays what it is, and gets the item", () => {
    const cause = new NodeOperationError(NODE, "This item has no binary data");
    expect(toNodeError(NODE, cause, 3)).toBe(cause);
    expect(cause.context.itemIndex).toBe(3);
  });

  test("as an item, when the node is to go on", () => {
    expect(toErrorJson(refusal(404, "no such job"))).toEqual({
      error: 'The server refused "create job" with status 404: no such job.',
      details: {
        code: "not_found",
        description: expect.stringContaining("Check the slug"),
        httpCode: "404",
      },
    });
  });
});

describe("a request without an answer", () => {
  const request = { method: "GET", url: "http://localhost:1/jobs", timeoutMs: 1000 } as const;

  test.each([
    ["axios", Object.assign(new Error("connect"), { code: "ECONNREFUSED" })],
    ["n8n around it", { message: "refused", cause: { code: "ECONNREFUSED" } }],
    ["n8n's code for it", { message: "refused", httpCode: "ECONNREFUSED" }],
  ])("by %s is a connection error", (_who, error) => {
    expect(describeFailure(error, request)).toMatchObject({
      code: "connection_failed",
      wasRequestSent: "no",
    });
  });

  test("of a stopped execution is an abort", () => {
    expect(describeFailure({ code: "ERR_CANCELED" }, request)).toMatchObject({ name: "AbortError" });
  });

  test("with no code at all is left alone", () => {
    const error = new TypeError("a bug");
    expect(describeFailure(error, request)).toBe(error);
  });
});

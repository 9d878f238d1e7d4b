import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Job } from "../contract/index.ts";
import { redactText, redactValue } from "../text/redact.ts";
import {
  AmbiguousOutcomeError,
  apiErrorFrom,
  ConfigError,
  ConnectionError,
  DownloadError,
  JobFailedError,
  type RenderjuiceError,
  TimeoutError,
  UnexpectedResponseError,
  UploadError,
  WebhookVerificationError,
  withJob,
} from "./index.ts";

const token = fc.string({
  minLength: 12,
  maxLength: 40,
  unit: fc.constantFrom(..."ABCDEFabcdef0123456789_-".split("")),
});
const apiKey = token.map((text) => `RJ-${text}`);
const webhookSecret = fc
  .string({ minLength: 8, maxLength: 40, unit: "grapheme-ascii" })
  .filter((text) => /\S{8}/.test(text));
const presignedUrl = token.map(
  (text) => `https://storage.example/bucket/file.blend?X-Amz-Signature=${text}&expires=1`,
);

/** One error of every class, each with the text wherever a server or a user could have put it. */
function errorsHolding(text: string, url: string, secrets: readonly string[]): RenderjuiceError[] {
  const cause = new Error(`cause ${text} ${url}`);
  const statuses = [400, 401, 402, 403, 404, 408, 409, 418, 422, 429, 500, 503];
  const request = {
    operation: "test",
    method: "GET",
    url,
    contentType: "",
    attempts: 1,
    secrets,
    requestId: text,
  };
  const bodies = [
    JSON.stringify({ message: text }),
    JSON.stringify({ error: { code: text, message: url } }),
    text,
    url,
  ];
  return [
    ...statuses.flatMap((status) => bodies.map((body) => apiErrorFrom({ ...request, status, body }))),
    new ConfigError({ code: "invalid_option", option: text, message: text, hint: url, cause }),
    new ConnectionError({
      host: "storage.example",
      systemCode: "ECONNRESET",
      cause,
    }),
    new TimeoutError({ code: "request_timeout", operation: `${text} ${url}`, timeoutMs: 1, cause }),
    new UnexpectedResponseError({
      operation: "test",
      method: "GET",
      url,
      status: 200,
      body: text,
      cause,
      secrets,
    }),
    new AmbiguousOutcomeError({ operation: "test", cause }),
    new UploadError({ code: "upload_rejected", message: `${text} ${url}`, file: url, cause }),
    new DownloadError({ code: "download_incomplete", message: `${text} ${url}`, file: url, cause }),
    new JobFailedError({
      job: Object.assign(
        { id: "1", status: "failed" as const, failedReason: text, previewUrl: url },
        { notes: [{ text }] },
      ),
      reason: `${text} ${url}`,
    }),
    new WebhookVerificationError({ code: "signature_mismatch", message: text, cause, secrets }),
  ];
}

function everythingShown(error: RenderjuiceError): string {
  return [String(error), error.stack, JSON.stringify([error, error.job]), inspect(error, { depth: 10 })].join(
    "\n",
  );
}

describe("the job of an error", () => {
  const job: Job = {
    id: "j1",
    status: "failed",
    failedReason: { name: "Out of memory", type: "oom" },
    previewUrl: "https://storage.example/preview.png?X-Amz-Signature=abc",
    analysis: { missingFiles: ["//a.png"] },
  };
  const error = new JobFailedError({ job, reason: "Out of memory (oom)" });

  test("is there whole, but for what is signed", () => {
    expect(error.jobId).toBe("j1");
    expect(error.job).toEqual({ ...job, previewUrl: "https://storage.example/preview.png?[redacted]" });
  });

  test("is not printed with it, but for how it stands", () => {
    const { id, status, failedReason } = job;
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({
      code: "job_failed",
      job: { id, status, failedReason },
    });
    expect(inspect(error)).not.toContain("missingFiles");
  });

  test("is added to an error about it, in a copy", () => {
    const timeout = new TimeoutError({
      code: "request_timeout",
      operation: "get job",
      timeoutMs: 1,
      jobId: "j1",
    });
    expect(withJob(timeout, job)).toMatchObject({
      jobId: "j1",
      code: "request_timeout",
      job: { status: "failed" },
    });
    expect(TimeoutError.isInstance(withJob(timeout, job))).toBe(true);
    expect(timeout.job).toBeUndefined();
    expect(withJob(timeout, { ...job, id: "j2" })).toBe(timeout);
    expect(withJob(error, { ...job, status: "canceled" })).toBe(error);
  });
});

describe("no error shows a secret", () => {
  test("API keys, wherever they turn up", () => {
    fc.assert(
      fc.property(apiKey, presignedUrl, (key, url) => {
        for (const error of errorsHolding(`the key ${key} is wrong`, url, [])) {
          expect(everythingShown(error)).not.toContain(key.slice(3));
        }
      }),
      { numRuns: 50 },
    );
  });

  test("the signatures of presigned URLs", () => {
    fc.assert(
      fc.property(token, (signature) => {
        const url = `https://storage.example/bucket/file.blend?X-Amz-Signature=${signature}&expires=1`;
        for (const error of errorsHolding(`PUT ${url} failed`, url, [])) {
          expect(everythingShown(error)).not.toContain(signature);
        }
      }),
      { numRuns: 50 },
    );
  });

  test("secrets without a known form, once they are named", () => {
    fc.assert(
      fc.property(webhookSecret, (secret) => {
        for (const text of [secret, encodeURIComponent(secret), JSON.stringify({ secret })]) {
          expect(redactText(`before ${text} after`, [secret])).not.toContain(secret);
        }
        const error = new WebhookVerificationError({
          code: "signature_mismatch",
          message: `expected ${secret}`,
          cause: new Error(secret),
          secrets: [secret],
        });
        expect(error.message).not.toContain(secret);
        expect(String(error.cause)).not.toContain(secret);
      }),
    );
  });

  test("members that are named like secrets, at any depth", () => {
    const value = {
      headers: { Authorization: "Bearer abc", "x-renderjuice-signature": "f00" },
      list: [{ apiKey: "k" }],
    };
    expect(redactValue(value)).toEqual({
      headers: { Authorization: "[redacted]", "x-renderjuice-signature": "[redacted]" },
      list: [{ apiKey: "[redacted]" }],
    });
  });
});

test("what is left is still readable", () => {
  expect(redactText("PUT https://user:pw@storage.example/a/b.blend?token=1#x said no")).toBe(
    "PUT https://storage.example/a/b.blend?[redacted] said no",
  );
});

test("a value that contains itself does not loop forever", () => {
  const value: Record<string, unknown> = {};
  value.self = value;
  expect(redactValue(value)).toEqual({ self: "[circular]" });
});

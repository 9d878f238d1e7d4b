import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createManualRuntime } from "../../../test/manual-runtime.ts";
import { apiErrorFrom, ConnectionError } from "../../errors/index.ts";
import { backoffMs } from "./backoff.ts";
import { DEFAULT_RETRY_POLICY } from "./policy.ts";
import { RateLimitBrake } from "./rate-limit-brake.ts";
import { readRetryAfterMs } from "./retry-after.ts";
import { withRetry } from "./with-retry.ts";

const policy = DEFAULT_RETRY_POLICY;

function refusal(status: number, retryAfterMs?: number) {
  return apiErrorFrom({
    operation: "test",
    status,
    method: "GET",
    url: "https://api.example/",
    body: "",
    contentType: "",
    attempts: 1,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** Fails with each error in turn, then succeeds with the number of attempts. */
function failing(...errors: unknown[]) {
  let attempts = 0;
  return async () => {
    const error = errors[attempts++];
    if (error) throw error;
    return attempts;
  };
}

describe("withRetry", () => {
  test("repeats transient failures after a back-off", async () => {
    const runtime = createManualRuntime();
    const reset = new ConnectionError({ host: "h", systemCode: "ECONNRESET" });
    expect(await withRetry(failing(refusal(503), reset), { policy, runtime })).toBe(3);
    expect(runtime.slept).toEqual([250, 500]);
  });

  test("gives up with the last error when the attempts are used up", async () => {
    const runtime = createManualRuntime();
    const errors = Array.from({ length: 9 }, () => refusal(500));
    await expect(withRetry(failing(...errors), { policy, runtime })).rejects.toBe(errors[4]);
    expect(runtime.slept).toHaveLength(4);
  });

  test.each([400, 401, 403, 404, 409, 422])("does not repeat a refusal: %i", async (status) => {
    const runtime = createManualRuntime();
    await expect(withRetry(failing(refusal(status)), { policy, runtime })).rejects.toMatchObject({ status });
    expect(runtime.slept).toEqual([]);
  });

  test("does not repeat a bug", async () => {
    const runtime = createManualRuntime();
    await expect(withRetry(failing(new TypeError("x is undefined")), { policy, runtime })).rejects.toThrow(
      TypeError,
    );
    expect(runtime.slept).toEqual([]);
  });

  test("waits exactly as long as the server asks", async () => {
    const runtime = createManualRuntime();
    await withRetry(failing(refusal(429, 7000), refusal(503, 90_000)), { policy, runtime });
    expect(runtime.slept).toEqual([7000, 90_000]);
  });

  test("does not wait longer than it may, and hands the server's wish on", async () => {
    const runtime = createManualRuntime();
    const error = refusal(429, policy.maxRetryAfterMs + 1);
    await expect(withRetry(failing(error), { policy, runtime })).rejects.toBe(error);
    expect(runtime.slept).toEqual([]);
  });

  test("rate limits do not use up the attempts, but their time is limited", async () => {
    const runtime = createManualRuntime();
    expect(
      await withRetry(failing(...Array.from({ length: 20 }, () => refusal(429, 1000))), { policy, runtime }),
    ).toBe(21);
    const endless = Array.from({ length: 999 }, () => refusal(429, 60_000));
    await expect(withRetry(failing(...endless), { policy, runtime })).rejects.toMatchObject({ status: 429 });
  });

  test("a rate limit without a pause is not asked about in a tight loop", async () => {
    const runtime = createManualRuntime();
    await withRetry(failing(refusal(429, 0), refusal(429, 0)), { policy, runtime });
    expect(runtime.slept).toEqual([policy.initialDelayMs, policy.initialDelayMs]);
  });

  test("an abort ends a wait at once, with its reason", async () => {
    const abort = new AbortController();
    const reason = new Error("enough");
    const runtime = createManualRuntime({ onSleep: () => abort.abort(reason) });
    await expect(withRetry(failing(refusal(503)), { policy, runtime, signal: abort.signal })).rejects.toBe(
      reason,
    );
  });
});

test("one rate limit pauses everybody who shares the brake", async () => {
  const runtime = createManualRuntime();
  const brake = new RateLimitBrake(runtime);
  await withRetry(failing(refusal(429, 5000)), { policy, runtime, brake });
  brake.pause(3000);
  const before = runtime.now();
  await withRetry(failing(), { policy, runtime, brake });
  expect(runtime.now() - before).toBe(3000);
});

test("the back-off is never negative and never above its bound", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.double({ min: 0, max: 0.999999, noNaN: true }),
      (attempt, random) => {
        const delayMs = backoffMs(attempt, policy, () => random);
        expect(delayMs).toBeGreaterThanOrEqual(0);
        expect(delayMs).toBeLessThanOrEqual(
          Math.min(policy.maxDelayMs, policy.initialDelayMs * 2 ** (attempt - 1)),
        );
      },
    ),
  );
});

describe("Retry-After", () => {
  const nowMs = Date.parse("2026-01-01T00:00:00Z");
  test.each([
    ["2", 2000],
    ["0", 0],
    [" 1.5 ", 1500],
    ["Thu, 01 Jan 2026 00:00:30 GMT", 30_000],
    ["Wed, 31 Dec 2025 23:00:00 GMT", 0],
    ["soon", undefined],
    ["", undefined],
    ["NaN", undefined],
    ["-5", undefined],
    ["1e3", undefined],
    ["Infinity", undefined],
    ["9".repeat(400), 365 * 24 * 3_600_000],
  ])("%j", (value, expected) => {
    expect(readRetryAfterMs({ "retry-after": value }, nowMs)).toBe(expected);
  });

  test("as a date counts from the answer's own date, whatever the clock here says", () => {
    const headers = { "retry-after": "Thu, 01 Jan 2026 00:00:30 GMT", date: "Thu, 01 Jan 2026 00:00:10 GMT" };
    expect(readRetryAfterMs(headers, nowMs + 7_200_000)).toBe(20_000);
  });

  test("may be absent", () => {
    expect(readRetryAfterMs({}, nowMs)).toBeUndefined();
  });
});

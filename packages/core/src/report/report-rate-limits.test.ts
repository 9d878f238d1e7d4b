import { expect, test } from "vitest";
import { reportRateLimits } from "./report-rate-limits.ts";

const pause = (delayMs: number, isRateLimit = true) =>
  ({
    type: "retry-scheduled",
    operation: "list jobs",
    attempt: 2,
    delayMs,
    isRateLimit,
    message: "429",
  }) as const;

function listen() {
  const lines: string[] = [];
  const clock = { nowMs: 0 };
  const listener = reportRateLimits(
    (line) => lines.push(line),
    () => clock.nowMs,
  );
  return { lines, clock, listener };
}

test("a pause is reported with its length", () => {
  const { lines, listener } = listen();
  listener(pause(90_000));
  expect(lines).toEqual(["The API's rate limit was reached. Continuing in 1m 30s."]);
});

test("requests that run into the same limit report it once", () => {
  const { lines, clock, listener } = listen();
  listener(pause(30_000));
  clock.nowMs = 200;
  listener(pause(30_000));
  expect(lines).toHaveLength(1);
});

test("a longer pause, and the next one, are reported again", () => {
  const { lines, clock, listener } = listen();
  listener(pause(5000));
  listener(pause(60_000));
  clock.nowMs = 60_000;
  listener(pause(5000));
  expect(lines.map((line) => line.split(" ").at(-1))).toEqual(["5s.", "1m.", "5s."]);
});

test("other retries and other events are not", () => {
  const { lines, listener } = listen();
  listener(pause(1000, false));
  listener({ type: "request-started", operation: "list jobs", method: "GET", url: "https://x", attempt: 1 });
  expect(lines).toEqual([]);
});

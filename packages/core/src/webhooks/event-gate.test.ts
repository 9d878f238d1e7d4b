import { expect, test } from "vitest";
import { createEventGate } from "./event-gate.ts";

const event = { event: "onRenderComplete", jobId: "job-1" };
const options = { rememberMs: 1000, now: () => 0 };

test("a repetition waits for the first, and shares what becomes of it", async () => {
  const work = Promise.withResolvers<void>();
  let calls = 0;
  const pass = createEventGate(() => {
    calls += 1;
    return work.promise;
  }, options);
  const both = [pass(event), pass(event)];
  work.resolve();
  expect(await Promise.all(both)).toEqual([true, false]);
  expect(calls).toBe(1);
});

test("when the first fails, so does the repetition that waited, and the next is new", async () => {
  const failures = [new Error("disk full")];
  const pass = createEventGate(async () => {
    const failure = failures.pop();
    if (failure) throw failure;
  }, options);
  const both = await Promise.allSettled([pass(event), pass(event)]);
  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await pass(event)).toBe(true);
});

test("other events, and those that are long past, are new", async () => {
  let nowMs = 0;
  const pass = createEventGate(() => undefined, { ...options, now: () => nowMs });
  expect(await pass(event)).toBe(true);
  expect(await pass({ ...event, event: "onRenderFail" })).toBe(true);
  expect(await pass({ ...event, jobId: "job-2" })).toBe(true);
  nowMs = 1001;
  expect(await pass(event)).toBe(true);
});

import { expect, test } from "vitest";
import { withEvents } from "./with-events.ts";

/** A task that says something and then waits to be stopped. */
function endless(stopped: (reason: unknown) => void) {
  return async (emit: (event: string) => void, signal: AbortSignal) => {
    emit("begun");
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    stopped(signal.reason);
  };
}

test("a consumer that leaves early stops the task", async () => {
  const stopped = Promise.withResolvers<unknown>();
  for await (const event of withEvents(undefined, endless(stopped.resolve))) {
    expect(event).toBe("begun");
    break;
  }
  expect(await stopped.promise).toMatchObject({ name: "AbortError" });
});

test("the caller's signal stops the task, with its reason", async () => {
  const stopped = Promise.withResolvers<unknown>();
  const caller = new AbortController();
  const events = withEvents(caller.signal, endless(stopped.resolve));
  await events.next();
  caller.abort(new Error("enough"));
  await events.next();
  expect(await stopped.promise).toEqual(new Error("enough"));
});

test("a task that is done is not stopped afterwards", async () => {
  let given: AbortSignal | undefined;
  const events = withEvents<string, string>(undefined, async (emit, signal) => {
    given = signal;
    emit("only");
    return "result";
  });
  expect(await events.next()).toEqual({ value: "only", done: false });
  expect(await events.next()).toEqual({ value: "result", done: true });
  expect(given?.aborted).toBe(false);
});

test("what was said before a failure is heard", async () => {
  const events = withEvents<string, void>(undefined, async (emit) => {
    emit("one");
    emit("two");
    throw new Error("broken");
  });
  expect(await events.next()).toMatchObject({ value: "one" });
  expect(await events.next()).toMatchObject({ value: "two" });
  await expect(events.next()).rejects.toThrow("broken");
});

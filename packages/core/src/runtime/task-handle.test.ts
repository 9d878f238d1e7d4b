import { expect, test } from "vitest";
import { TaskHandle } from "./task-handle.ts";

const stop = new Error("Enough.");

test.each<[string, (abort: () => void) => unknown]>([
  [
    "that throws",
    () => {
      throw stop;
    },
  ],
  ["that rejects", () => Promise.reject(stop)],
  [
    "that hangs until the work is aborted",
    (abort) => {
      abort();
      return new Promise(() => undefined);
    },
  ],
])("work is closed after an onEvent %s", async (_name, onEvent) => {
  const aborter = new AbortController();
  let isClosed = false;
  const handle = new TaskHandle<string, void>({
    async *run() {
      try {
        yield "first";
        yield "second";
      } finally {
        isClosed = true;
      }
    },
    onEvent: () => onEvent(() => aborter.abort(stop)),
    signal: aborter.signal,
    isPassing: () => false,
  });
  await expect(handle).rejects.toBe(stop);
  expect(isClosed).toBe(true);
});

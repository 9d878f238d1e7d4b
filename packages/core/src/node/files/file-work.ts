import fs from "node:fs";
import { promisify } from "node:util";

/** A call of the file system, which can be made in two ways. */
interface FileCall {
  now(): unknown;
  later(): Promise<unknown>;
}

/**
 * Calls of the file system one after the other, such as `yield* statPath(path)`. Written once, for `runNow`, which keeps
 * everybody waiting, and `runLater`, which passes each call to a thread.
 */
export type FileWork<Result> = Generator<FileCall, Result, unknown>;

const threads = {
  stat: promisify(fs.stat),
  access: promisify(fs.access),
  open: promisify(fs.open),
  read: promisify(fs.read),
  close: promisify(fs.close),
};

export const statPath = (path: string) =>
  call<fs.Stats>({ now: () => fs.statSync(path), later: () => threads.stat(path) });

/** @throws the system's error if the file may not be read */
export const accessPath = (path: string) =>
  call<void>({
    now: () => fs.accessSync(path, fs.constants.R_OK),
    later: () => threads.access(path, fs.constants.R_OK),
  });

/** Reads into the buffer from `offset` on. @returns how much was read: less if the file ends before */
export function* readInto(path: string, buffer: Buffer, offset = 0): FileWork<number> {
  const file = yield* call<number>({
    now: () => fs.openSync(path, "r"),
    later: () => threads.open(path, "r"),
  });
  try {
    let readBytes = 0;
    while (readBytes < buffer.length) {
      const range = [readBytes, buffer.length - readBytes, offset + readBytes] as const;
      const count = yield* call<number>({
        now: () => fs.readSync(file, buffer, ...range),
        later: async () => (await threads.read(file, buffer, ...range)).bytesRead,
      });
      if (count === 0) break;
      readBytes += count;
    }
    return readBytes;
  } finally {
    yield* call<void>({ now: () => fs.closeSync(file), later: () => threads.close(file) });
  }
}

function* call<Result>(made: FileCall): FileWork<Result> {
  return (yield made) as Result;
}

/** Does the work before it returns. */
export function runNow<Result>(work: FileWork<Result>): Result {
  let step = work.next();
  while (!step.done) {
    let answer: unknown;
    try {
      answer = step.value.now();
    } catch (error) {
      step = work.throw(error);
      continue;
    }
    step = work.next(answer);
  }
  return step.value;
}

/** Does the work while others have their turn. */
export async function runLater<Result>(work: FileWork<Result>): Promise<Result> {
  let step = work.next();
  while (!step.done) {
    let answer: unknown;
    try {
      answer = await step.value.later();
    } catch (error) {
      step = work.throw(error);
      continue;
    }
    step = work.next(answer);
  }
  return step.value;
}

import * as z from "zod/v4";

/** Types that options have and zod does not. */
const isA = <T>(what: string, is: (value: unknown) => boolean) => z.custom<T>(is).describe(what);

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

export const aFunction = isA<(...args: never[]) => unknown>(
  "a function",
  (value) => typeof value === "function",
);
export const anAbortSignal = isA<AbortSignal>("an AbortSignal", (value) => value instanceof AbortSignal);
/** A `Map` would be taken for an object without members. */
export const aPlainObject = isA<object>(
  "an object",
  (value) => isObject(value) && !(Symbol.iterator in value),
);
export const anAsyncIterable = isA<AsyncIterable<unknown>>(
  "iterable with for await",
  (value) => isObject(value) && Symbol.asyncIterator in value,
);
/** Checked where it is used. */
export const anything = z.unknown();
export const frameRanges = z
  .union([z.string(), z.array(z.string())])
  .describe('a range such as "1-24", or a list of ranges');

import { expect, test } from "vitest";
import { describeUsageError } from "./describe-usage-error.ts";

test.each([
  [
    "error: unknown option '--jsno'\n(Did you mean --json?)\n",
    'Unknown option "--jsno".\n  Did you mean --json?',
  ],
  ["error: missing required argument 'job'\n", 'Missing required argument "job".'],
  [
    "error: option '--until <step>' argument 'x' is invalid. Allowed choices are created, started.\n",
    'Option "--until <step>" argument "x" is invalid. Allowed choices are created, started.',
  ],
])("%j", (text, expected) => {
  expect(describeUsageError(text)).toBe(expected);
});

test("a key is not repeated", () => {
  expect(describeUsageError("error: unknown option '--key=RJ-0123456789abcdef'\n")).not.toContain(
    "0123456789",
  );
});

import { expect, test } from "vitest";
import { parseDuration } from "./duration.ts";

test.each([
  ["90s", 90_000],
  ["30m", 1_800_000],
  ["2h", 7_200_000],
  ["1.5h", 5_400_000],
  ["1d", 86_400_000],
])("%s", (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});

test.each(["", "5", "h", "0s", "-1h", "soon", "2 fortnights"])("%j is rejected", (text) => {
  expect(() => parseDuration(text)).toThrow(/Use a number with a unit/);
});

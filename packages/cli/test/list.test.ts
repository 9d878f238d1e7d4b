import { expect, test } from "vitest";
import { describeNone } from "../src/commands/list.ts";

test.each([
  [undefined, /^There are no jobs\.$/],
  ["failed", /^There are no jobs with status "failed"\.$/],
  ["finsihed", /^There are no jobs with status "finsihed"\. Did you mean completed\? Statuses: created, /],
  ["cancelled", /Did you mean canceled\?/],
  ["xyzzy", /^There are no jobs with status "xyzzy"\. Statuses: created, /],
])("an empty list of jobs says why: %s", (status, text) => {
  expect(describeNone(status)).toMatch(text);
});

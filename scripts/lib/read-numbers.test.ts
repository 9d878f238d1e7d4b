import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readNumbers } from "./read-numbers.ts";

test("numbers come in their order, and the defaults for those that are left out", () => {
  expect(readNumbers("usage", [], [100, 7])).toEqual([100, 7]);
  expect(readNumbers("usage", ["3"], [100, 7])).toEqual([3, 7]);
  expect(readNumbers("usage", ["3", "4"], [100, 7])).toEqual([3, 4]);
});

test.each([
  ["fuzz", ["--help"], 0, "Usage: npm run fuzz"],
  ["fuzz-blend", ["--help"], 0, "Usage: npm run fuzz-blend"],
  ["fuzz", ["many"], 2, '"many" is not a whole number above 0.'],
  ["chaos", ["--help"], 0, "Usage: npm run chaos"],
  ["chaos", ["10", "1", "2"], 2, "That is one number too many."],
  ["mutate", ["--help"], 0, "Usage: npm run mutate"],
  ["mutate", ["--fast"], 2, "Usage: npm run mutate"],
])(
  "npm run %s %j says how it is used, and does nothing",
  (script, args, exitCode, text) => {
    const file = fileURLToPath(new URL(`../${script}.ts`, import.meta.url));
    const conditions = "--conditions=@renderjuice/source";
    const result = spawnSync(process.execPath, [conditions, file, ...args], { encoding: "utf8" });
    expect(result.status, result.stderr).toBe(exitCode);
    expect(exitCode === 0 ? result.stdout : result.stderr).toContain(text);
  },
  60_000,
);

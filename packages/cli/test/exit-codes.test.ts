import { expect, test } from "vitest";
import { EXIT, EXIT_CODE_HELP } from "../src/exit-codes.ts";

test("the help has all exit codes", () => {
  const inHelp = [...EXIT_CODE_HELP.matchAll(/^ +(\d+) {2}\S/gm)].map(([, code]) => Number(code));
  expect(inHelp).toEqual(Object.values(EXIT).sort((a, b) => a - b));
});

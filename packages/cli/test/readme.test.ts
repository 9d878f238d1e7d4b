import { readFile } from "node:fs/promises";
import { SETTING_HELP } from "@renderjuice/core/adapter";
import { expect, test } from "vitest";
import { EXIT, EXIT_CODE_HELP } from "../src/exit-codes.ts";

const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
const rowsOf = (pattern: RegExp) =>
  [...readme.matchAll(pattern)].map(([, name, text]) => [name, text?.replaceAll("`", "")]);

test("help and README have the same exit codes, and all of them", () => {
  const inHelp = [...EXIT_CODE_HELP.matchAll(/^ +(\d+) {2}(.*)$/gm)].map(([, code, text]) => [code, text]);
  expect(rowsOf(/^\| (\d+) \| (.*) \|$/gm)).toEqual(inHelp);
  expect(inHelp.map(([code]) => Number(code)).sort((a, b) => a - b)).toEqual(
    Object.values(EXIT).sort((a, b) => a - b),
  );
});

test("the README has the settings that the help has", () => {
  expect(rowsOf(/^\| `([a-zA-Z.]+)` \| (.*) \|$/gm).filter(([name]) => name && name in SETTING_HELP)).toEqual(
    Object.entries(SETTING_HELP),
  );
});

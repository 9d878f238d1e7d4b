import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { expect, test } from "vitest";
import { createProgram } from "../../packages/cli/src/program.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const files = globSync(
  ["*.md", "docs/*.md", "docs/{guides,adapters,reference}/*.md", "packages/*/README.md"],
  {
    cwd: ROOT,
  },
);
const program = createProgram("0.0.0") as CommandUnknownOpts;
const scripts = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).scripts as Record<
  string,
  string
>;

interface Line {
  readonly file: string;
  readonly text: string;
}

/** What is typed into a shell, without the words in quotes and the comments. */
function readLines(start: string): Line[] {
  return files.flatMap((file) => {
    const fences = readFileSync(join(ROOT, file), "utf8").matchAll(/^```(?:sh)?\n([\s\S]*?)^```/gm);
    const lines = [...fences].flatMap(([, code = ""]) => code.split("\n"));
    return lines
      .map((line) => line.replace(/\s#\s.*/, "").replace(/'[^']*'|"[^"]*"/g, "TEXT"))
      .filter((line) => line.startsWith(start))
      .map((text) => ({ file, text }));
  });
}

function problemOf(text: string): string | undefined {
  const [, name = "", ...words] = text.split(/\s+/);
  const command = program.commands.find((each) => each.name() === name);
  if (!command) return `no command ${name}`;
  const options = [...command.options, ...program.options];
  const unknown = words
    .filter((word) => /^--?[a-z]/.test(word))
    .find((word) => !options.some(({ short, long }) => word === short || word.split("=")[0] === long));
  return unknown && `no option ${unknown}`;
}

test("every command line of `renderjuice` that a page or a README shows exists, with its options", () => {
  const lines = readLines("renderjuice ");
  expect(lines.length).toBeGreaterThan(20);
  expect(lines.flatMap(({ file, text }) => problemOf(text)?.concat(` (${file}: ${text})`) ?? [])).toEqual([]);
});

test("every `npm run` that a page or a README shows exists", () => {
  const lines = readLines("npm run ");
  expect(lines.length).toBeGreaterThan(2);
  const names = lines.map(({ text }) =>
    text.split(/\s+/).find((word, index) => index > 1 && !word.startsWith("-")),
  );
  expect(names.filter((name) => name === undefined || !(name in scripts))).toEqual([]);
});

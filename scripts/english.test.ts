import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findTics } from "./lib/english.ts";
import { root } from "./lib/run.ts";

const PLACES = [":(glob)*.md", ".changeset", "bench", "docs", "examples", "hosts", "scripts", "packages"];
const TEXTS = /\.(ts|mjs|cjs|py|md|ya?ml|param|options|mel|html|css)$/;
/** They name the habits, and so does the list of words in CONTRIBUTING. */
const WORD_LIST = /^## Words$[\s\S]*?(?=^## )/m;
const EXEMPT = ["scripts/lib/english.ts", "scripts/english.test.ts"];

test("people read plain English", () => {
  const files = execFileSync("git", ["ls-files", "-z", "--", ...PLACES], { cwd: root, encoding: "utf8" })
    .split("\0")
    .filter((path) => TEXTS.test(path) && !path.includes("/dist/") && !EXEMPT.includes(path));
  expect(files.length).toBeGreaterThan(50);
  const read = (path: string) => readFileSync(join(root, path), "utf8").replace(WORD_LIST, "");
  expect(files.flatMap((path) => findTics(path, read(path)))).toEqual([]);
});

test("a habit is found where it is, with what to write instead", () => {
  expect(findTics("a.ts", 'const fine = 1;\nthrow new Error("1-b is no frame range.");')).toEqual([
    'a.ts:2: "is no frame". Write: is not a …, is not a valid ….',
  ]);
});

test.each([
  ["across the lines of a comment", "/**\n * This file is no\n * scene.\n */"],
  ["across the lines of a Python comment", "# Start it\n# anew."],
  ["across the lines of a list", "- Every farm has a key of\n  its own."],
  ["at the start of a sentence", "Files are read. One that cannot be read is skipped."],
  ["in a message", "Mend the scene and submit it again."],
  ["in the past", "The bridge was told to stop."],
  ["in British spelling", "Its behaviour is documented."],
])("it is found %s", (_, text) => {
  expect(findTics("a.ts", text)).toHaveLength(1);
});

test.each([
  "There is no Blender on this machine.",
  "if there is no such job",
  "This is no longer true.",
  "The wait is no longer than a second.",
  "Which one is on its own?",
  "the one that failed",
  "Recommended amendments",
  "The render goes on.",
  "The path of its own folder",
  "There may be any more of them.",
  "if: !cancelled()",
])("%s: nothing is found", (text) => {
  expect(findTics("a.ts", text)).toEqual([]);
});

import { expect, test } from "vitest";
import { readEntryPoints } from "../generate/entry-points.ts";
import { checkExamples } from "./check-examples.ts";
import { readPublicNames } from "./public-names.ts";

const entryPoints = await readEntryPoints();
const names = readPublicNames(entryPoints.map(({ file }) => file));

test.skip("every exported function and class has an example", () => {
  const without = names.filter(({ kind, examples }) => kind !== "other" && examples.length === 0);
  expect(without.map(({ name }) => name)).toEqual([]);
});

test.skip("every exported name says what it is", () => {
  expect(names.filter(({ doc }) => doc === "").map(({ name }) => name)).toEqual([]);
});

test.skip("the examples compile", () => {
  const examples = names.flatMap(({ name, examples }) => examples.map((code) => ({ name, code })));
  expect(examples.length).toBeGreaterThan(10);
  expect(checkExamples(examples)).toEqual([]);
});

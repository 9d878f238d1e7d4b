import { join } from "node:path";
import { expect, test } from "vitest";
import { readEntryPoints } from "../generate/entry-points.ts";
import { ROOT } from "../generate/paths.ts";
import { checkExamples } from "./check-examples.ts";
import { readPublicNames } from "./public-names.ts";

/** Members of a client, which nobody has to import. */
const RESOURCES = ["jobs", "uploads"].map((name) => ({
  name: "@renderjuice/core",
  file: join(ROOT, `packages/core/src/resources/${name}.ts`),
}));
const names = readPublicNames([...(await readEntryPoints()), ...RESOURCES]);
const allExamples = names.flatMap(({ name, examples, methods }) => [
  ...examples.map((code) => ({ name, code })),
  ...methods.flatMap((method) => method.examples.map((code) => ({ name: `${name}.${method.name}`, code }))),
]);

test("every exported name says what it is", () => {
  expect(names.filter(({ doc }) => doc === "").map(({ name }) => name)).toEqual([]);
});

test("every exported function and class has an example", () => {
  const without = names.filter(({ kind, examples }) => kind !== "other" && examples.length === 0);
  expect(without.map(({ name }) => name)).toEqual([]);
});

test("so does every method of a client and of what it returns", () => {
  const without = names
    .filter(({ name }) => CALLED.has(name))
    .flatMap(({ name, methods }) =>
      methods
        .filter((method) => method.examples.length === 0 && !WELL_KNOWN.has(method.name))
        .map((method) => `${name}.${method.name}`),
    );
  expect(without).toEqual([]);
});

/** Other interfaces with methods are for those who implement them. */
const CALLED = new Set(["RenderClient", "NodeClient", "JobsResource", "UploadsResource", "JobHandle"]);
/** They do what their names do everywhere. */
const WELL_KNOWN = new Set(["then", "catch", "finally", "close", "toJSON"]);

test("the examples run on the oldest Node that is promised, which does not know `using`", () => {
  const isTooNew = (code: string) => /^\s*(?:await )?using /m.test(code);
  const tooNew = allExamples.filter(({ code }) => isTooNew(code));
  expect(tooNew.map(({ name }) => name)).toEqual([]);
});

// The compiler reads all of core; next to other tests that takes a while.
test("the examples compile", { timeout: 180_000 }, () => {
  expect(allExamples.length).toBeGreaterThan(100);
  expect(checkExamples(allExamples.map(({ name, code }) => ({ name, code: withImports(code) })))).toEqual([]);
});

test("what examples say that a call returns is what it returns", async () => {
  const calls = names.flatMap(({ entry, examples }) =>
    examples.flatMap((code) =>
      [...code.matchAll(CALL)].map(([, call = "", value = ""]) => ({ entry, call, value })),
    ),
  );
  expect(calls.length).toBeGreaterThan(10);
  for (const { entry, call, value } of calls.filter(({ call }) => !NEEDS_MORE.test(call))) {
    const known = { ...(await import(entry)), job: { id: "j1", status: "completed" } };
    const run = new Function(...Object.keys(known), `return ${call};`);
    expect({ call, returns: await run(...Object.values(known)) }).toEqual({
      call,
      returns: JSON.parse(value),
    });
  }
});

const NEEDS_MORE = /\b(?:await|client|handle|jobId)\b/;

/** `compactFrames([1, 2, 3]); // "1-3"`: a call of what needs nothing else, and what it returns, as JSON. */
const CALL = /^(\w+\([^;]*\)); \/\/ (true|false|"[^"]*"|\[[^…]*\])$/gm;

/** Docstrings leave out where the names come from; added to the first line, so that the others keep their numbers. */
function withImports(code: string): string {
  const words = new Set(code.match(/[A-Za-z_]\w*/g));
  const imported = new Set(
    code
      .match(/^import .*$/gm)
      ?.join(" ")
      .match(/\w+/g),
  );
  const used = names.filter(({ name }) => words.has(name) && !imported.has(name));
  return used.map(({ name, entry }) => `import { ${name} } from "${entry}"; `).join("") + code;
}

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type * as Recheck from "recheck";
import ts from "typescript";
import { beforeAll, expect, test, vi } from "vitest";

const SOURCES = join(import.meta.dirname, "../src");
/** Enough for the checker to find what is quadratic; what it cannot prove in this time passes. */
const TIMEOUT_MS = 1000;

let checkSync: typeof Recheck.checkSync;
beforeAll(async () => {
  vi.stubEnv("RECHECK_BACKEND", "pure");
  ({ checkSync } = await import("recheck"));
});

function readExpressions(file: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isRegularExpressionLiteral(node)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(join(SOURCES, file), "utf8"), ts.ScriptTarget.Latest));
  return found;
}

/** How long it takes on the worst text, in words; undefined when that is linear. */
function findSlowness(expression: string): string | undefined {
  const [, pattern = "", flags = ""] = /^\/(.*)\/(\w*)$/s.exec(expression) ?? [];
  const result = checkSync(pattern, flags, { checker: "automaton", timeout: TIMEOUT_MS });
  return result.status === "vulnerable" ? result.complexity.summary : undefined;
}

test("the checker knows a quadratic expression when it sees one", () => {
  expect(findSlowness("/[. ]+$/")).toContain("2nd degree");
});

test("no expression takes more than linear time, whatever the text", { timeout: 300_000 }, () => {
  const files = globSync("**/*.ts", { cwd: SOURCES }).filter((file) => !file.endsWith(".test.ts"));
  const slow = files.flatMap((file) =>
    readExpressions(file).flatMap((expression) => {
      const slowness = findSlowness(expression);
      return slowness ? [`${file}: ${expression} is ${slowness}`] : [];
    }),
  );
  expect(slow).toEqual([]);
});

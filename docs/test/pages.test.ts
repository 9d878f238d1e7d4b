import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { checkExamples } from "./check-examples.ts";
import { codeOf } from "./public-names.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const files = globSync(["docs/*.md", "docs/{guides,adapters}/*.md", "*.md", "packages/*/README.md"], {
  cwd: ROOT,
});

test("what is shown runs on the oldest Node that is promised, which does not know `using`", () => {
  const shown = [
    ...files,
    ...globSync("examples/**/*.ts", { cwd: ROOT, exclude: ["**/{node_modules,e2e}/**"] }),
  ];
  expect(
    shown.filter((file) => /^\s*(?:await )?using /m.test(readFileSync(join(ROOT, file), "utf8"))),
  ).toEqual([]);
});

// The compiler reads all of core; next to other tests that takes a while.
test("the TypeScript on pages and in README files compiles", { timeout: 180_000 }, () => {
  const examples = files.flatMap((file) =>
    codeOf(readFileSync(join(ROOT, file), "utf8")).map((code, index) => ({
      name: `${file}, example ${index + 1}`,
      code,
    })),
  );
  expect(examples.length).toBeGreaterThan(10);
  expect(checkExamples(examples)).toEqual([]);
});

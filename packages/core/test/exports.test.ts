import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const ENTRIES = {
  "@renderjuice/core": "index.ts",
  "@renderjuice/core/node": "node/index.ts",
  "@renderjuice/core/adapter": "adapter.ts",
  "@renderjuice/core/adapter/node": "node/adapter.ts",
  "@renderjuice/core/adapter/old-node": "node/old-node.ts",
};
const paths = Object.values(ENTRIES).map((file) => fileURLToPath(new URL(`../src/${file}`, import.meta.url)));
const program = ts.createProgram(paths, {
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ESNext,
  allowImportingTsExtensions: true,
  noEmit: true,
  skipLibCheck: true,
});

/** Types too, which do not exist while a program runs. */
function exportsOf(path: string): string[] {
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(path);
  const module = file && checker.getSymbolAtLocation(file);
  return module ? checker.getExportsOfModule(module).map(({ name }) => name) : [];
}

// A name that is added by accident is one that somebody will build on. `vitest -u` updates the list.
test("what each entry exports", async () => {
  const [core = [], ...others] = paths.map(exportsOf);
  const adapter = others[1] ?? [];
  const own = [
    core,
    others[0]?.filter((name) => !core.includes(name)),
    adapter,
    others[2]?.filter((name) => !adapter.includes(name)),
    others[3],
  ];
  const text = Object.keys(ENTRIES).map((entry, index) => `# ${entry}\n\n${own[index]?.sort().join("\n")}\n`);
  await expect(text.join("\n")).toMatchFileSnapshot("exports.txt");
});

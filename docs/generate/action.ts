import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { cell, code, table } from "./markdown.ts";
import { GENERATED, ROOT } from "./paths.ts";

interface Manifest {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
}

export async function writeActionManifest(): Promise<void> {
  const { inputs, outputs } = parse(
    await readFile(join(ROOT, "packages/github-action/action.yml"), "utf8"),
  ) as Manifest;
  const inputRows = Object.entries(inputs).map(([name, { description, default: value }]) => [
    code(name),
    cell(description) + (value === undefined ? "" : ` Default: ${code(value)}`),
  ]);
  const outputRows = Object.entries(outputs).map(([name, { description }]) => [
    code(name),
    cell(description),
  ]);
  await writeFile(join(GENERATED, "action-inputs.md"), table(["input", ""], inputRows));
  await writeFile(join(GENERATED, "action-outputs.md"), table(["output", ""], outputRows));
}

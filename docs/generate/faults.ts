import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FAULTS } from "../../packages/sandbox/src/faults/registry.ts";
import { cell, code, table } from "./markdown.ts";
import { GENERATED } from "./paths.ts";

export async function writeFaults(): Promise<void> {
  const rows = Object.entries(FAULTS).map(([name, text]) => [code(name), cell(text)]);
  await writeFile(join(GENERATED, "faults.md"), table(["fault", "what the sandbox does"], rows));
}

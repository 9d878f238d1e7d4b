import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SETTING_HELP } from "@renderjuice/core/adapter";
import { cell, code, table } from "./markdown.ts";
import { GENERATED } from "./paths.ts";

export async function writeSettings(): Promise<void> {
  const rows = Object.entries(SETTING_HELP).map(([name, text]) => [code(name), cell(text)]);
  await writeFile(join(GENERATED, "settings.md"), table(["setting", ""], rows));
}

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ConfigError } from "@renderjuice/core";

/** This package's folder; its `repository` holds what is installed. */
export function findPackageRoot(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "repository", "custom"))) return folder;
    if (folder === dirname(folder)) break;
  }
  throw new ConfigError({
    code: "invalid_option",
    option: "install",
    message: "The files to install are not next to this program.",
    hint: "Run it from the package: npx @renderjuice/deadline-plugin install --repository PATH.",
  });
}

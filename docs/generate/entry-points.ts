import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "./paths.ts";

export interface EntryPoint {
  /** As it is imported: `@renderjuice/core/node`. */
  readonly name: string;
  readonly file: string;
}

/** Packages that programs import. */
const PACKAGES = ["core", "frames", "sandbox"];

/** What `package.json` exports, so that a new entry is documented as soon as it exists. */
export async function readEntryPoints(): Promise<EntryPoint[]> {
  const lists = await Promise.all(PACKAGES.map((name) => entryPointsOf(join(ROOT, "packages", name))));
  return lists.flat();
}

async function entryPointsOf(folder: string): Promise<EntryPoint[]> {
  const { name, exports } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as {
    name: string;
    exports: Record<string, string | Record<string, string>>;
  };
  return Object.entries(exports).flatMap(([path, target]) => {
    const source = typeof target === "object" && target["@renderjuice/source"];
    return source ? [{ name: join(name, path), file: join(folder, source) }] : [];
  });
}

import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const SOURCES = fileURLToPath(new URL("../src", import.meta.url));
/** Each folder may use those above it. CONTRIBUTING says what they hold. */
const FOLDERS = [
  "text",
  "contract",
  "errors",
  "runtime",
  "http",
  "frame-ranges",
  "settings",
  "webhooks",
  "blend",
  "scene",
  "outputs",
  "resources",
  "lifecycle",
  "report",
  "web",
  "node",
];
/** Types are let through: they are gone when a program runs. */
const IMPORT = /^(?:import|export)(?! type) [^;]*? from "(\.[^"]+)";$/gms;

const folderOf = (path: string) => relative(SOURCES, path).split(sep)[0] ?? "";

test("imports between folders lead one way", () => {
  const files = globSync(`${SOURCES}/*/**/*.ts`).filter((path) => !path.endsWith(".test.ts"));
  expect([...new Set(files.map(folderOf))].sort()).toEqual(FOLDERS.toSorted());
  const upward = files.flatMap((path) => {
    const targets = [...readFileSync(path, "utf8").matchAll(IMPORT)].map(([, to = ""]) =>
      folderOf(join(dirname(path), to)),
    );
    const above = targets.filter((target) => FOLDERS.indexOf(target) > FOLDERS.indexOf(folderOf(path)));
    return above.map((target) => `${relative(SOURCES, path)} imports from ${target}`);
  });
  expect(upward).toEqual([]);
});

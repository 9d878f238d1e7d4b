import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const read = (path: string) =>
  readFile(fileURLToPath(new URL(`../repository/custom/${path}`, import.meta.url)), "utf8");

const sectionsOf = (text: string) => [...text.matchAll(/^\[(\w+)\]$/gm)].map(([, name = ""]) => name);
const unique = (names: readonly string[]) => [...new Set(names)].sort();

/** Options that code asks for, as the first argument of a method whose name ends like this. */
function askedFor(code: string, method: RegExp): string[] {
  const calls = code.matchAll(new RegExp(`${method.source}\\(\\s*"(\\w+)"`, "g"));
  return [...calls].map(([, name = ""]) => name);
}

describe("the files of the Deadline repository", () => {
  test("every option of the event plugin can be set in the Monitor, and does something", async () => {
    const code = await read("events/Renderjuice/Renderjuice.py");
    const triggers = [...code.matchAll(/^ {4}"\w+": "(\w+)",$/gm)].map(([, name = ""]) => name);
    const asked = askedFor(code, /(?:ConfigEntryWithDefault|self\.config|self\.is_listed|self\.matches)/);
    const declared = sectionsOf(await read("events/Renderjuice/Renderjuice.param"));
    expect(unique([...asked, ...triggers])).toEqual(unique(declared));
  });

  test("every option of the render plugin can be set in the Monitor, and does something", async () => {
    const code = await read("plugins/Renderjuice/Renderjuice.py");
    const [, settings = ""] = /map\(self\.setting, \(([^)]*)\)\)/.exec(code) ?? [];
    const fromList = [...settings.matchAll(/"(\w+)"/g)].map(([, name = ""]) => name);
    const asked = [...askedFor(code, /ConfigEntryWithDefault/), ...fromList];
    const declared = sectionsOf(await read("plugins/Renderjuice/Renderjuice.param"));
    const readByDeadline = ["About", "ConcurrentTasks"];
    expect(unique([...asked, ...readByDeadline])).toEqual(unique(declared));
  });

  test("every key of a job that people may change is described in its properties", async () => {
    const code = await read("plugins/Renderjuice/Renderjuice.py");
    const internal = ["Command", "JobIds", "Run"];
    const declared = sectionsOf(await read("plugins/Renderjuice/Renderjuice.options"));
    const asked = askedFor(code, /PluginInfoEntryWithDefault/).filter((name) => !internal.includes(name));
    expect(unique(asked)).toEqual(unique(declared));
  });

  test.each([
    "events/Renderjuice/Renderjuice.param",
    "plugins/Renderjuice/Renderjuice.param",
    "plugins/Renderjuice/Renderjuice.options",
  ])("%s is ASCII, as Deadline reads it", async (path) => {
    expect(await read(path)).toMatch(/^[\n\x20-\x7e]*$/);
  });
});

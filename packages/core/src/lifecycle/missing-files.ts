import { foreignLine } from "../text/terminal-text.ts";

/** Members whose name says that something of the scene was not found: `missingFiles`, `missing_textures`, … */
const MISSING_KEY = /^(missing|unresolved|not_?found)/i;
const NAME_KEYS = ["path", "filePath", "file_path", "filepath", "relativePath", "fileName", "file", "name"];
const MISSING_TEXT =
  /\bmissing\b|\bnot (be )?found\b|\b(cannot|could not|can't) (be )?(find|found|load|loaded|open|opened)\b/i;
const MAX_DEPTH = 4;
const MAX_NAMES = 1000;
const MAX_NAME_CHARACTERS = 300;
/** More in one sentence are not read. */
const MAX_NAMED = 20;

/**
 * The files that the server's analysis says are missing, each once: textures, linked libraries, caches. The analysis has
 * no documented shape and is read by best effort; empty when it says nothing.
 */
export function readMissingFiles(analysis: unknown): string[] {
  const { named, counted } = collect(analysis);
  const names = named.length > 0 ? named : readWarnings(analysis).filter((text) => MISSING_TEXT.test(text));
  return [...new Set(names.length > 0 ? names : counted)].slice(0, MAX_NAMES);
}

/** What else the server's analysis warns of, in its own words. */
export function readSceneWarnings(analysis: unknown): string[] {
  return readWarnings(analysis)
    .filter((text) => !MISSING_TEXT.test(text))
    .map(foreignLine);
}

/** The first of them, and how many more: `a.png, b.png and 3 more`. */
export function nameFiles(files: readonly string[]): string {
  const shown = files.slice(0, MAX_NAMED).map(foreignLine).join(", ");
  return files.length > MAX_NAMED ? `${shown} and ${files.length - MAX_NAMED} more` : shown;
}

interface Found {
  readonly named: string[];
  /** Said without a name: `missingFileCount: 3`. */
  readonly counted: string[];
}

function collect(value: unknown, depth = 0, found: Found = { named: [], counted: [] }): Found {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return found;
  for (const [key, member] of Object.entries(value)) {
    if (!MISSING_KEY.test(key)) collect(member, depth + 1, found);
    else if (typeof member === "number" && member > 0) found.counted.push(`${member} (${key})`);
    else found.named.push(...namesIn(member));
  }
  return found;
}

/** A text, an object with a name, a list of either, or a map whose keys are the names. */
function namesIn(value: unknown): string[] {
  if (typeof value === "string") return value.trim() === "" ? [] : [value.slice(0, MAX_NAME_CHARACTERS)];
  if (Array.isArray(value)) return value.slice(0, MAX_NAMES).flatMap(namesIn);
  if (typeof value !== "object" || value === null) return [];
  const members = value as Readonly<Record<string, unknown>>;
  const name = NAME_KEYS.map((key) => members[key]).find((member) => typeof member === "string");
  if (name !== undefined) return namesIn(name);
  const lists = Object.values(members).filter(Array.isArray);
  if (lists.length > 0) return lists.flatMap(namesIn);
  // A number is a count and not what became of a file.
  return Object.entries(members).flatMap(([key, member]) =>
    typeof member === "number" || !member ? [] : namesIn(key),
  );
}

function readWarnings(analysis: unknown): string[] {
  const { warnings } = (analysis ?? {}) as { readonly warnings?: unknown };
  const list = Array.isArray(warnings) ? warnings : [warnings];
  return list.flatMap((warning) => {
    const text = typeof warning === "object" && warning !== null ? warning.message : warning;
    return namesIn(typeof text === "string" ? text : undefined);
  });
}

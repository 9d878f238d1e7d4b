import { foreignLine } from "./terminal-text.ts";

const MAX_NAMED = 3;
/** Of the files that a whole sentence is about. */
const MAX_FILES = 20;
const MAX_NAME_CHARACTERS = 120;

/** The first few names, and how many more there are. */
export function listNames(names: readonly string[]): string {
  return listFirst(names.map(shorten), MAX_NAMED);
}

/**
 * The same for files that others name, with more of them: `a.png, b.png and 3 more`. Safe to print.
 *
 * @example
 * nameFiles(["a.png", "b.png"]); // "a.png, b.png"
 */
export function nameFiles(files: readonly string[]): string {
  return listFirst(files.map(foreignLine), MAX_FILES);
}

function listFirst(names: readonly string[], count: number): string {
  const rest = names.length - count;
  return names.slice(0, count).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

function shorten(name: string): string {
  return name.length <= MAX_NAME_CHARACTERS ? name : `${name.slice(0, 60)}…${name.slice(-50)}`;
}

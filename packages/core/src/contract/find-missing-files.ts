/** Members that list parts of the scene that were not found: `missingFiles`, `missing_textures`, … */
const MISSING_KEY = /^(missing|unresolved|not_?found)/i;
const NAME_KEYS = ["path", "filePath", "file_path", "filepath", "relativePath", "fileName", "file", "name"];
const MISSING_TEXT =
  /\bmissing\b|\bnot (be )?found\b|\b(cannot|could not|can't) (be )?(find|found|load|loaded|open|opened)\b/i;
const MAX_DEPTH = 4;
const MAX_NAMES = 1000;
const MAX_NAME_CHARACTERS = 300;

/**
 * The files that are missing according to an analysis, without duplicates: textures, linked libraries, caches. The analysis
 * is not documented, so reading it is best effort. Empty if it says nothing.
 *
 * @param warnings the warnings of the analysis, which are used if nothing else lists missing files
 */
export function findMissingFiles(analysis: object, warnings: readonly string[]): string[] {
  const { named, counted } = collect(analysis);
  const names = named.length > 0 ? named : warnings.filter(isAboutMissingFiles);
  return [...new Set(names.length > 0 ? names : counted)].slice(0, MAX_NAMES);
}

export function isAboutMissingFiles(warning: string): boolean {
  return MISSING_TEXT.test(warning);
}

/** Reads the texts from a string, an object with a `message`, or a list of either. */
export function textsIn(value: unknown): string[] {
  return [value].flat().flatMap((item: unknown) => {
    const text = typeof item === "object" && item !== null && "message" in item ? item.message : item;
    return namesIn(typeof text === "string" ? text : undefined);
  });
}

interface Found {
  readonly named: string[];
  /** Given only as a number: `missingFileCount: 3`. */
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

/** Reads a string, an object with a name, a list of either, or a map whose keys are the names. */
function namesIn(value: unknown): string[] {
  if (typeof value === "string") return value.trim() === "" ? [] : [value.slice(0, MAX_NAME_CHARACTERS)];
  if (Array.isArray(value)) return value.slice(0, MAX_NAMES).flatMap(namesIn);
  if (typeof value !== "object" || value === null) return [];
  const members = value as Readonly<Record<string, unknown>>;
  const name = NAME_KEYS.map((key) => members[key]).find((member) => typeof member === "string");
  if (name !== undefined) return namesIn(name);
  const lists = Object.values(members).filter(Array.isArray);
  if (lists.length > 0) return lists.flatMap(namesIn);
  // A number is a count, not the state of a file.
  return Object.entries(members).flatMap(([key, member]) =>
    typeof member === "number" || !member ? [] : namesIn(key),
  );
}

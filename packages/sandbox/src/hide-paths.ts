/**
 * Removes the folders of this machine from all texts of a value, since clients do not need to know where the sandbox
 * keeps its files.
 *
 * @param folders the folders to remove
 */
export function hidePaths<Value>(value: Value, folders: readonly string[]): Value {
  const named = folders.filter((folder) => folder.length > 1);
  const spellings = named.flatMap((folder) => [folder, folder.replaceAll("\\", "/")]);
  // The longest first, since a folder may be inside another one.
  const sorted = [...new Set(spellings)].sort((a, b) => b.length - a.length);
  const hideIn = (text: string) => sorted.reduce((rest, folder) => rest.replaceAll(folder, "…"), text);
  return mapTexts(value, hideIn) as Value;
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, mapTexts(member, change)]));
}

const MAX_NAMED = 3;
const MAX_NAME_CHARACTERS = 120;

/** The first few, and how many more there are. */
export function listNames(names: readonly string[]): string {
  const rest = names.length - MAX_NAMED;
  return names.slice(0, MAX_NAMED).map(shorten).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

function shorten(name: string): string {
  return name.length <= MAX_NAME_CHARACTERS ? name : `${name.slice(0, 60)}…${name.slice(-50)}`;
}

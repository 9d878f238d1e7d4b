/** `[major, minor, patch]`, as in 4.2.1. */
export type BlenderVersion = readonly [number, number, number];

/** Reads the output of `blender --version`. Undefined if it is not from Blender. */
export function parseBlenderVersion(text: string): BlenderVersion | undefined {
  const match = /\bBlender (\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  if (!match) return undefined;
  return [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}

/**
 * Whether a version of Blender is this one or newer.
 *
 * @example
 * isAtLeast((await findBlender()).version, 4, 2);
 */
export function isAtLeast(version: BlenderVersion, major: number, minor: number): boolean {
  return version[0] > major || (version[0] === major && version[1] >= minor);
}

/**
 * A version as Blender writes it.
 *
 * @example
 * formatBlenderVersion((await findBlender()).version); // "4.2.1"
 */
export function formatBlenderVersion(version: BlenderVersion): string {
  return version.join(".");
}

// Imports nothing: it is loaded by whatever Node there is.

/**
 * @param version such as `20.20.2`
 * @param range of package.json's `engines`, such as `>=22.19`
 * @returns what to tell the user; undefined when this Node will do
 */
export function explainOldNode(version: string, range: string): string | undefined {
  const needed = range.replace(/^>=/, "");
  const [major = 0, minor = 0] = numbersOf(version);
  const [neededMajor = 0, neededMinor = 0] = numbersOf(needed);
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return undefined;
  return `Node ${needed} or newer is needed; this is ${version}. Install a newer one from https://nodejs.org or with a version manager, then run this again.`;
}

function numbersOf(version: string): number[] {
  return version.split(".").map(Number);
}

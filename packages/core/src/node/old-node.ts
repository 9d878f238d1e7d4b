// Imports nothing: it is loaded by whatever Node there is. A separate entry for the same reason.

/**
 * Why a program cannot run on this Node, and what to do. Call it before anything that an old Node cannot load is imported.
 *
 * @param version such as `20.20.2`
 * @param range of package.json's `engines`, such as `>=22.19`
 * @returns undefined when this Node will do
 * @example
 * const explanation = explainOldNode(process.versions.node, ">=22.19");
 * if (explanation !== undefined) console.error(explanation);
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

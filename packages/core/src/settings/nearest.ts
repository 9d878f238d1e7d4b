/** Fewer are in too many names by chance. */
const MIN_STEM_LETTERS = 3;

/**
 * The candidate most similar to the word, if one is similar enough, or the one that contains it.
 *
 * @example
 * nearest("resolutionPercentge", ["resolution", "resolutionPercentage"]); // "resolutionPercentage"
 * nearest("samples", ["fps", "sampleCount"]); // "sampleCount"
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3));
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best && best.distance <= limit ? best.candidate : containing(word, candidates);
}

/** The shortest candidate that contains a word, if all others that do contain it too: EEVEE is BLENDER_EEVEE. */
function containing(word: string, candidates: readonly string[]): string | undefined {
  const stem = word.toLowerCase().replace(/s$/, "");
  if (stem.length < MIN_STEM_LETTERS) return undefined;
  const found = candidates.filter((candidate) => candidate.toLowerCase().includes(stem));
  const [shortest] = found.toSorted((a, b) => a.length - b.length);
  return shortest !== undefined && found.every((one) => one.includes(shortest)) ? shortest : undefined;
}

/** Levenshtein: how many letters to insert, delete or replace. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...a].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...b].entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/**
 * The frames of `wanted` that are not in `present`, in the order of `wanted`.
 *
 * @example
 * missingFrames(expandFrames("1-4"), [1, 3]); // [2, 4]
 */
export function missingFrames(wanted: Iterable<number>, present: Iterable<number>): number[] {
  const there = new Set(present);
  return [...new Set(wanted)].filter((frame) => !there.has(frame));
}

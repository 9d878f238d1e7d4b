/**
 * The frames of `wanted` that are not in `present`, in the order of `wanted`.
 *
 * @example
 * ```ts
 * import { compactFrames, expandFrames, missingFrames } from "@renderjuice/core";
 *
 * const missing = missingFrames(expandFrames("1-10"), [1, 2, 3, 7]);
 * compactFrames(missing); // "4-6,8-10"
 * ```
 */
export function missingFrames(wanted: Iterable<number>, present: Iterable<number>): number[] {
  const there = new Set(present);
  return [...new Set(wanted)].filter((frame) => !there.has(frame));
}

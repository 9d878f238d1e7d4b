/** The frames of `wanted` that are not in `present`, in the order of `wanted`. */
export function missingFrames(wanted: Iterable<number>, present: Iterable<number>): number[] {
  const there = new Set(present);
  return [...new Set(wanted)].filter((frame) => !there.has(frame));
}

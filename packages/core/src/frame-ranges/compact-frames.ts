/**
 * Frames in their shortest form, sorted: `[1, 2, 3, 10, 20, 30]` is `"1-3,10-30x10"`.
 *
 * @example
 * compactFrames([1, 2, 3, 10, 20, 30]); // "1-3,10-30x10"
 */
export function compactFrames(frames: Iterable<number>): string {
  const sorted = [...new Set(frames)].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let start = 0; start < sorted.length; ) {
    const length = runLength(sorted, start);
    parts.push(formatRun(sorted, start, length));
    start += length;
  }
  return parts.join(",");
}

/** How many frames from `start` are evenly spaced: two only if they are adjacent, with a larger step at least three. */
function runLength(sorted: readonly number[], start: number): number {
  const step = distance(sorted, start);
  if (step === undefined) return 1;
  let length = 2;
  while (distance(sorted, start + length - 1) === step) length++;
  return length > 2 || step === 1 ? length : 1;
}

function formatRun(sorted: readonly number[], start: number, length: number): string {
  if (length === 1) return String(sorted[start]);
  const step = distance(sorted, start);
  return `${sorted[start]}-${sorted[start + length - 1]}${step === 1 ? "" : `x${step}`}`;
}

function distance(sorted: readonly number[], index: number): number | undefined {
  const [here, next] = [sorted[index], sorted[index + 1]];
  return here === undefined || next === undefined ? undefined : next - here;
}

import { type FrameRange, invalidFrames, parseFrameRanges } from "./frame-range.ts";

/** Nearly four days at 30 frames per second: anything more is a typo. */
const MAX_FRAMES = 10_000_000;

/**
 * All frames of a specification, in its order, without duplicates.
 *
 * @throws ConfigError if it is malformed or has more than 10 million frames
 * @example
 * expandFrames("1-10,20-30x5"); // [1, 2, …, 10, 20, 25, 30]
 */
export function expandFrames(spec: string | readonly string[]): number[] {
  const ranges = parseFrameRanges(spec);
  const count = ranges.reduce((sum, range) => sum + countFrames(range), 0);
  if (count > MAX_FRAMES)
    throw invalidFrames(`That would be ${grouped(count)} frames; the limit is ${grouped(MAX_FRAMES)}.`);
  return [...new Set(ranges.flatMap(expandRange))];
}

/** `10,000,000` */
function grouped(number: number): string {
  return number.toLocaleString("en-US");
}

export function expandRange(range: FrameRange): number[] {
  const direction = range.last >= range.first ? 1 : -1;
  return Array.from(
    { length: countFrames(range) },
    (_, index) => range.first + index * range.step * direction,
  );
}

function countFrames({ first, last, step }: FrameRange): number {
  return Math.floor(Math.abs(last - first) / step) + 1;
}

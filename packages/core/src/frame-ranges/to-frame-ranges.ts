import { expandRange } from "./expand-frames.ts";
import { type FrameRange, parseFrameRanges } from "./frame-range.ts";

/**
 * The elements of the API's `frameRanges`. Its grammar is not documented. Only `"1-250"` and `"7"` are safe to use, so steps
 * are written out frame by frame, and backward ranges are reversed.
 *
 * @throws ConfigError if the specification is malformed
 * @example
 * toFrameRanges("1-5x2,10-12"); // ["1", "3", "5", "10-12"]
 */
export function toFrameRanges(spec: string | readonly string[]): string[] {
  return [...new Set(parseFrameRanges(spec).flatMap(toElements))];
}

function toElements(range: FrameRange): string[] {
  if (range.first === range.last) return [String(range.first)];
  if (range.step > 1) return expandRange(range).map(String);
  return [`${Math.min(range.first, range.last)}-${Math.max(range.first, range.last)}`];
}

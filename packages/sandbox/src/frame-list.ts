import type { RenderConfig } from "@renderjuice/core";
import type { SceneAnalysis } from "./renderers/renderer.ts";

const MAX_FRAMES = 1_000_000;

/** The frames of a job: from its settings, or else the scene's own. @throws RangeError for an invalid range. */
export function framesOf(config: RenderConfig, analysis: SceneAnalysis): number[] {
  const { frameStart, frameEnd, frameStep } = analysis;
  if (!config.frameRanges?.length) return count(frameStart, frameEnd, frameStep);
  return [...new Set(config.frameRanges.flatMap(parseRange))].sort((a, b) => a - b);
}

/** `"7"`, `"1-250"` and, since the documentation does not exclude it, `"1-100x5"`. */
function parseRange(text: string): number[] {
  const [, first, last = first, step = "1"] =
    /^\s*(-?\d+)(?:\s*-\s*(-?\d+))?(?:x(\d+))?\s*$/.exec(text) ?? [];
  if (first === undefined || Number(step) < 1 || Number(last) < Number(first)) {
    throw new RangeError(`"${text}" is not a frame range.`);
  }
  return count(Number(first), Number(last), Number(step));
}

function count(first: number, last: number, step: number): number[] {
  const length = Math.floor((last - first) / step) + 1;
  if (length > MAX_FRAMES) throw new RangeError(`${length} frames are too many: the limit is ${MAX_FRAMES}.`);
  return Array.from({ length: Math.max(0, length) }, (_, index) => first + index * step);
}

import type { Job } from "../contract/index.ts";
import { expandFrames } from "../frame-ranges/index.ts";

/**
 * The frames that a job should deliver: those requested, or those that the server says it used, or the scene's own range.
 * Undefined if none of these is known.
 *
 * @example
 * expectedFrames(job, "1-4"); // [1, 2, 3, 4]
 */
export function expectedFrames(job: Job, requested?: string | readonly string[]): number[] | undefined {
  if (requested !== undefined) return expandFrames(requested);
  const { finalConfig, requestedConfig, analysis } = job;
  return (
    readRanges(finalConfig?.frameRanges) ??
    readRanges(requestedConfig?.frameRanges) ??
    readSceneRange(analysis)
  );
}

function readSceneRange(analysis: Job["analysis"]): number[] | undefined {
  const { frameStart, frameEnd, frameStep } = analysis ?? {};
  if (frameStart == null || frameEnd == null) return undefined;
  return readRanges([`${frameStart}-${frameEnd}x${Math.max(1, frameStep ?? 1)}`]);
}

/** Undefined for ranges in a form that is not known here. */
function readRanges(ranges: readonly string[] | null | undefined): number[] | undefined {
  if (!ranges?.length) return undefined;
  try {
    return expandFrames(ranges);
  } catch {
    return undefined;
  }
}

import type { Job } from "../contract/index.ts";
import { expandFrames } from "../frame-ranges/index.ts";

/**
 * The frames a job should deliver: what was asked for, or what the server says it used, or the scene's own range.
 * Undefined when nobody says; the server's objects have no documented shape and are read by best effort.
 */
export function expectedFrames(job: Job, requested?: string | readonly string[]): number[] | undefined {
  if (requested !== undefined) return expandFrames(requested);
  return readRanges(job.finalConfig) ?? readRanges(job.requestedConfig) ?? readSceneRange(job.analysis);
}

function readRanges(config: unknown): number[] | undefined {
  const ranges = isRecord(config) ? config.frameRanges : undefined;
  if (!Array.isArray(ranges) || ranges.length === 0 || !ranges.every((range) => typeof range === "string"))
    return;
  try {
    return expandFrames(ranges);
  } catch {
    return undefined;
  }
}

function readSceneRange(analysis: unknown): number[] | undefined {
  if (!isRecord(analysis)) return undefined;
  const { frameStart, frameEnd, frameStep } = analysis;
  if (!Number.isInteger(frameStart) || !Number.isInteger(frameEnd)) return undefined;
  const step = Number.isInteger(frameStep) && (frameStep as number) > 0 ? frameStep : 1;
  return expandFrames(`${frameStart}-${frameEnd}x${step}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

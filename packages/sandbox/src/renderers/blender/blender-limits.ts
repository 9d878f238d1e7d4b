import { totalmem } from "node:os";

/** The resources that a scene may use. */
export interface BlenderLimits {
  /** Longest time to open and analyze a scene, in milliseconds. */
  readonly analyzeMs: number;
  /** Longest time from one frame to the next; the first one includes opening the scene. In milliseconds. */
  readonly frameMs: number;
  /** Longest time for all frames of a job, in milliseconds. */
  readonly jobMs: number;
  /** Resident memory of Blender and its children, in bytes. Only watched if the system has `/proc`. */
  readonly memoryBytes: number;
}

const MINUTE_MS = 60_000;

export function defaultBlenderLimits(): BlenderLimits {
  // A container's limit counts if there is one; without a limit the number is absurdly high, or 0.
  const container = process.constrainedMemory();
  const available = container > 0 ? Math.min(container, totalmem()) : totalmem();
  return {
    analyzeMs: 5 * MINUTE_MS,
    frameMs: 60 * MINUTE_MS,
    jobMs: 24 * 60 * MINUTE_MS,
    memoryBytes: Math.floor(available * 0.9),
  };
}

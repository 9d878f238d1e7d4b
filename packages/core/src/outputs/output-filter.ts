import type { OutputKind, PlannedOutput } from "./plan-outputs.ts";

/** Which outputs are requested. */
export interface OutputFilter {
  /** @default ["frame", "compositeNode", "video"] */
  readonly kinds?: readonly OutputKind[] | undefined;
  /** Only these frames, and files that do not belong to a frame. @default all */
  readonly frames?: readonly number[] | undefined;
}

/** Without the archives, which contain the same files. */
const DEFAULT_KINDS: readonly OutputKind[] = ["frame", "compositeNode", "video"];

/**
 * Whether an output is one of those that were requested.
 *
 * @example
 * const frames = outputs.filter(isWanted({ kinds: ["frame"], frames: [1, 2, 3] }));
 */
export function isWanted({
  kinds = DEFAULT_KINDS,
  frames,
}: OutputFilter): (output: PlannedOutput) => boolean {
  const wanted = frames && new Set(frames);
  return ({ kind, frame }) => kinds.includes(kind) && (frame === undefined || !wanted || wanted.has(frame));
}

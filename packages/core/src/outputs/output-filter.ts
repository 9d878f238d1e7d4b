import type { OutputKind, PlannedOutput } from "./plan-outputs.ts";

export interface OutputFilter {
  /** @default ["frame", "compositeNode", "video"] */
  readonly kinds?: readonly OutputKind[] | undefined;
  /** Only these frames, and files that do not belong to a frame. @default all */
  readonly frames?: readonly number[] | undefined;
}

/** Without the archives, which contain the same files. */
const DEFAULT_KINDS: readonly OutputKind[] = ["frame", "compositeNode", "video"];

export function isWanted({
  kinds = DEFAULT_KINDS,
  frames,
}: OutputFilter): (output: PlannedOutput) => boolean {
  const wanted = frames && new Set(frames);
  return ({ kind, frame }) => kinds.includes(kind) && (frame === undefined || !wanted || wanted.has(frame));
}

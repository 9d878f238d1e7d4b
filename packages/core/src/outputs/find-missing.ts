import { compactFrames } from "../frame-ranges/index.ts";
import type { OutputKind, PlannedOutput } from "./plan-outputs.ts";

/** What a job does not have. */
export interface MissingOutputs {
  /** Frames with at least one missing file, in the expected order. */
  readonly missingFrames: readonly number[];
  /** What is missing, in words: `2 of the view right`. */
  readonly missingParts: readonly string[];
}

/** A series of files with one file per frame. */
interface Series {
  readonly label: string;
  readonly frames: ReadonlySet<number>;
}

const IMAGES: readonly OutputKind[] = ["frame", "compositeNode"];

/**
 * Compares the expected frames with those of a job. A frame is complete if it has every view and every compositor node that
 * other frames have.
 *
 * @param expected undefined if not known; then nothing is missing
 * @param kinds the kinds of files that were requested; others do not count
 * @example
 * const { outputs } = planOutputs(await client.jobs.downloads(jobId));
 * const missing = findMissing(outputs, expandFrames("1-24"));
 */
export function findMissing(
  outputs: readonly PlannedOutput[],
  expected: readonly number[] | undefined,
  kinds: readonly OutputKind[] = IMAGES,
): MissingOutputs {
  const counted = IMAGES.filter((kind) => kinds.includes(kind));
  // A scene that renders to a movie has no frames to count.
  const isMovie =
    outputs.some(({ kind }) => kind === "video") && !outputs.some(({ kind }) => IMAGES.includes(kind));
  if (!expected || counted.length === 0 || isMovie) return { missingFrames: [], missingParts: [] };
  const wanted = [...new Set(expected)];
  const incomplete = counted.flatMap((kind) => findIncomplete(outputs, kind, wanted));
  const missing = new Set(incomplete.flatMap(({ frames }) => frames));
  return {
    missingFrames: wanted.filter((frame) => missing.has(frame)),
    missingParts: incomplete.map(({ label, frames }) => `${compactFrames(frames)}${label}`),
  };
}

interface Gap {
  readonly label: string;
  readonly frames: readonly number[];
}

/** The frames that each series lacks. Those that all of them lack are listed once. */
function findIncomplete(
  outputs: readonly PlannedOutput[],
  kind: OutputKind,
  wanted: readonly number[],
): Gap[] {
  const all = findSeries(
    outputs.filter((output) => output.kind === kind),
    kind,
    new Set(wanted),
  );
  const gapOf = ({ label, frames }: Series) => ({
    label,
    frames: wanted.filter((frame) => !frames.has(frame)),
  });
  const common = wanted.filter((frame) => all.every(({ frames }) => !frames.has(frame)));
  const isTold = new Set(common);
  const gaps =
    all.length < 2
      ? all.map(gapOf)
      : [
          { label: kind === "frame" ? "" : " of all compositor nodes", frames: common },
          ...all
            .map(gapOf)
            .map(({ label, frames }) => ({ label, frames: frames.filter((frame) => !isTold.has(frame)) })),
        ];
  return gaps.filter(({ frames }) => frames.length > 0);
}

function findSeries(
  outputs: readonly PlannedOutput[],
  kind: OutputKind,
  wanted: ReadonlySet<number>,
): Series[] {
  const declared = groupBy(outputs, ({ view, compositeNodeName }) => describe(view, compositeNodeName));
  // Every job has frames, but not every job has compositor files.
  if (declared.size === 0 && kind === "frame") return [{ label: "", frames: new Set() }];
  return [...declared].flatMap(([label, members]) => [
    { label, frames: framesOf(members) },
    ...findUndeclared(members, label, wanted),
  ]);
}

function describe(view: string | undefined, node: string | undefined): string {
  return `${view ? ` of the view ${view}` : ""}${node ? ` of the node ${node}` : ""}`;
}

/**
 * The farm may not say which view or slot a file belongs to. Names that differ in more than their number form separate
 * series, if they share frames with the largest series.
 */
function findUndeclared(
  members: readonly PlannedOutput[],
  label: string,
  wanted: ReadonlySet<number>,
): Series[] {
  const numbered = members.filter(
    ({ sequence, frame }) => sequence && frame !== undefined && wanted.has(frame),
  );
  const named = [...groupBy(numbered, ({ sequence = "" }) => withoutCopyMark(sequence))].map(
    ([name, outputs]) => ({ label: `${label} of ${name}`, frames: framesOf(outputs) }),
  );
  const half = framesOf(numbered).size / 2;
  const main = named.find(({ frames }) => frames.size > half);
  // If every file has a unique name (a hash, a time), no name covers most of the frames.
  if (!main) return [];
  const series = named.filter(({ frames }) => [...frames].some((frame) => main.frames.has(frame)));
  return series.length > 1 ? series : [];
}

/** "m_#~2.png", "m_# (1).png": copies of the same image. */
function withoutCopyMark(sequence: string): string {
  return sequence.replace(/(~\d+| \(\d+\))(?=\.\w+$|$)/, "");
}

function framesOf(outputs: readonly PlannedOutput[]): Set<number> {
  return new Set(outputs.flatMap(({ frame }) => frame ?? []));
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

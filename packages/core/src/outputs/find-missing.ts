import { compactFrames } from "../frame-ranges/index.ts";
import type { OutputKind, PlannedOutput } from "./plan-outputs.ts";

export interface MissingOutputs {
  /** Frames of which a file is not among the outputs, in the order in which they were expected. */
  readonly missingFrames: readonly number[];
  /** What is missing of which, in words: `2 of the view right`. */
  readonly missingParts: readonly string[];
}

/** Files of which every frame should have one. */
interface Series {
  readonly label: string;
  readonly frames: ReadonlySet<number>;
}

const IMAGES: readonly OutputKind[] = ["frame", "compositeNode"];

/**
 * Compares the frames that were expected with those that a job offers. A frame is there when every view and every
 * compositor node that other frames have is there.
 *
 * @param expected undefined when nobody knows: then nothing is missing
 * @param kinds of files that count; others were not asked for
 */
export function findMissing(
  outputs: readonly PlannedOutput[],
  expected: readonly number[] | undefined,
  kinds: readonly OutputKind[] = IMAGES,
): MissingOutputs {
  const counted = IMAGES.filter((kind) => kinds.includes(kind));
  // A scene that renders into a movie has no frames to count.
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

/** The frames that each series lacks; those that all of them lack are told once. */
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
  // Every job has frames; not every job has compositor files.
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
 * The farm need not tell which view or slot a file is of: names that differ in more than their number are separate series
 * where they are of the same frames as the series that has most of them.
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
  // Where each file has a name that no other is like (a hash, a time), no name has most of the frames.
  if (!main) return [];
  const series = named.filter(({ frames }) => [...frames].some((frame) => main.frames.has(frame)));
  return series.length > 1 ? series : [];
}

/** "m_#~2.png", "m_# (1).png": the same image twice. */
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

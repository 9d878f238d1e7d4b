import { compactFrames } from "../frames/index.ts";
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

function findSeries(outputs: readonly PlannedOutput[], kind: OutputKind): Series[] {
  const declared = groupBy(outputs, ({ view, compositeNodeName }) => describe(view, compositeNodeName));
  // Every job has frames; not every job has compositor files.
  if (declared.size === 0 && kind === "frame") return [{ label: "", frames: new Set() }];
  return [...declared].flatMap(([label, members]) => [
    { label, frames: framesOf(members) },
    ...findUndeclared(members, label),
  ]);
}

function describe(view: string | undefined, node: string | undefined): string {
  return `${view ? ` of the view ${view}` : ""}${node ? ` of the node ${node}` : ""}`;
}

/**
 * The farm need not tell which view a file is of: names that go along with most of the frames, and differ in more than
 * their number, are series of their own.
 */
function findUndeclared(members: readonly PlannedOutput[], label: string): Series[] {
  const half = framesOf(members).size / 2;
  const named = [...groupBy(members, ({ sequence, relativePath }) => sequence ?? relativePath)]
    .map(([name, outputs]) => ({ label: `${label} of ${name}`, frames: framesOf(outputs) }))
    .filter(({ frames }) => frames.size > 1 && frames.size > half);
  return named.length > 1 ? named : [];
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

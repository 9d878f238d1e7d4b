import type { FbxNode } from "./fbx-nodes.ts";

/** The properties of an animation curve that may be lost if only its keys are read. */
export interface FbxCurve {
  readonly isMoving: boolean;
  /** The longest interval between two keys that is not linear; 0 if there is none. */
  readonly longestBendSeconds: number;
  /** The longest interval between two keys. */
  readonly longestGapSeconds: number;
  /** The largest change between two keys. */
  readonly largestStep: number;
  /** Whether it continues before its first or after its last key: cycles, offsets, slopes. */
  readonly hasInfinity: boolean;
  /** When it becomes 0 and when it stops being 0; the first entry is its first key. */
  readonly switches: readonly Switch[];
}

export interface Switch {
  readonly seconds: number;
  readonly isOn: boolean;
}

const TICKS_PER_SECOND = 46_186_158_000;
/** Bits of a key's flags. */
const INTERPOLATION = 0b1110;
const CONSTANT = 0b0010;
const LINEAR = 0b0100;
/** The first two values of each entry of `KeyAttrDataFloat` are the slopes after the key and before the next one. */
const FLOATS_PER_ENTRY = 4;
const CONSTANT_EXTRAPOLATION = "C".charCodeAt(0);

export async function readCurve(node: FbxNode): Promise<FbxCurve> {
  const arrays = new Map<string, readonly number[]>();
  let hasInfinity = false;
  for await (const child of node.children()) {
    if (child.name.startsWith("Key")) arrays.set(child.name, await child.array());
    if (child.name.endsWith("-Extrapolation")) hasInfinity ||= await isInfinite(child);
  }
  const read = (name: string) => arrays.get(name) ?? [];
  const [values, seconds] = [read("KeyValueFloat"), read("KeyTime").map((ticks) => ticks / TICKS_PER_SECOND)];
  const styles = stylesOfKeys(read("KeyAttrRefCount"), read("KeyAttrFlags"), read("KeyAttrDataFloat"));
  const steps = values.slice(1).map((value, index) => value - (values[index] ?? value));
  const gaps = steps.map((_, index) => (seconds[index + 1] ?? 0) - (seconds[index] ?? 0));
  const bends = gaps.filter((_, index) => isBent(steps[index] ?? 0, styles[index]));
  return {
    isMoving: steps.some((step) => step !== 0) || hasInfinity,
    longestBendSeconds: largest(bends),
    longestGapSeconds: largest(gaps),
    largestStep: largest(steps.map(Math.abs)),
    hasInfinity,
    switches: switchesOf(values, seconds),
  };
}

async function isInfinite(node: FbxNode): Promise<boolean> {
  for await (const { name, values } of node.children())
    if (name === "Type") return values[0] !== CONSTANT_EXTRAPOLATION;
  return false;
}

interface KeyStyle {
  readonly interpolation: number;
  readonly isFlat: boolean;
}

/** Equal neighboring keys share an entry, which counts them. */
function stylesOfKeys(
  counts: readonly number[],
  flags: readonly number[],
  data: readonly number[],
): KeyStyle[] {
  return counts.flatMap((count, entry) => {
    const at = entry * FLOATS_PER_ENTRY;
    const style = {
      interpolation: (flags[entry] ?? 0) & INTERPOLATION,
      isFlat: data[at] === 0 && data[at + 1] === 0,
    };
    return Array.from({ length: count }, () => style);
  });
}

function isBent(step: number, style: KeyStyle | undefined): boolean {
  if (style?.interpolation === LINEAR) return false;
  if (style?.interpolation === CONSTANT) return step !== 0;
  return step !== 0 || style?.isFlat !== true;
}

function switchesOf(values: readonly number[], seconds: readonly number[]): Switch[] {
  const all = values.map((value, index) => ({ seconds: seconds[index] ?? 0, isOn: value !== 0 }));
  return all.filter(({ isOn }, index) => isOn !== all[index - 1]?.isOn);
}

/** Not with a spread, since a long shot has more keys than a call can have arguments. */
const largest = (values: readonly number[]) => values.reduce((most, value) => Math.max(most, value), 0);

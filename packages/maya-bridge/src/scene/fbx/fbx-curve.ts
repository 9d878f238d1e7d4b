import type { FbxNode } from "./fbx-nodes.ts";

/** An animation curve, as far as reading its keys alone may lose something. */
export interface FbxCurve {
  readonly isMoving: boolean;
  /** Of all stretches between two keys that are not straight, the longest; 0 where there is none. */
  readonly longestBendSeconds: number;
  /** Of all stretches between two keys, the longest. */
  readonly longestGapSeconds: number;
  /** Of all changes between two keys, the largest. */
  readonly largestStep: number;
  /** Whether it goes on before its first or after its last key: cycles, offsets, slopes. */
  readonly hasInfinity: boolean;
  /** When it begins to be 0, and not to be 0 any more; the first entry is its first key. */
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
/** Of each entry of `KeyAttrDataFloat` the first two are the slopes after the key and before the next. */
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

/** Neighbouring keys that are alike share an entry, which counts them. */
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

/** Not with a spread: a long shot has more keys than a call may have arguments. */
const largest = (values: readonly number[]) => values.reduce((most, value) => Math.max(most, value), 0);

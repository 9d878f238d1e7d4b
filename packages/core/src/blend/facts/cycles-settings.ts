import { shortenFloat } from "../dna/struct-value.ts";
import type { PropertyGroup } from "./id-properties.ts";
import type { CyclesSettings, Setting } from "./scene-settings.ts";

/** The value of `progressive` up to 2.93 for branched path tracing, which counts its own samples. */
const BRANCHED = 0;
const GPU = 1;

/** What Cycles starts with. It only stores what was changed, so a missing value is that of the version. */
export function readCyclesSettings(cycles: PropertyGroup, version: number): CyclesSettings {
  const isCyclesX = version >= 300;
  const setting = <Value>(key: string, fallback: Value, read: (value: number) => Value): Setting<Value> => {
    const stored = numberIn(cycles, key);
    return stored === undefined
      ? { value: fallback, from: "default" }
      : { value: read(stored), from: "stored" };
  };
  return {
    device: setting("device", "CPU", (value) => (value === GPU ? "GPU" : "CPU")),
    usesAdaptiveSampling: setting("use_adaptive_sampling", isCyclesX, (value) => value !== 0),
    adaptiveThreshold: setting("adaptive_threshold", isCyclesX ? 0.01 : 0, (value) =>
      shortenFloat(Math.fround(value)),
    ),
    timeLimitSeconds: setting("time_limit", 0, shortenFloat),
  };
}

/** Per pixel. */
export function readCyclesSamples(cycles: PropertyGroup, version: number): Setting<number> {
  const isBranched = version < 300 && numberIn(cycles, "progressive") === BRANCHED;
  const stored = numberIn(cycles, isBranched ? "aa_samples" : "samples");
  if (stored !== undefined) {
    const isSquared = version < 300 && numberIn(cycles, "use_square_samples") === 1;
    return { value: isSquared ? stored ** 2 : stored, from: "stored" };
  }
  if (isBranched) return { value: undefined, from: "unknown" };
  return { value: defaultSamples(version), from: "default" };
}

function defaultSamples(version: number): number {
  if (version >= 300) return 4096;
  return version >= 280 ? 128 : 10;
}

/** @param layers the Cycles settings of the view layers, which had this switch from 2.79 to 2.8x */
export function readCyclesDenoising(
  cycles: PropertyGroup,
  layers: readonly PropertyGroup[],
  version: number,
): Setting<boolean> {
  const stored = numberIn(cycles, "use_denoising");
  if (stored !== undefined) return { value: stored !== 0, from: "stored" };
  if (version >= 300) return { value: true, from: "default" };
  const isOnInLayer = layers.some((layer) => numberIn(layer, "use_denoising") === 1);
  return isOnInLayer ? { value: true, from: "stored" } : { value: false, from: "default" };
}

function numberIn(group: PropertyGroup, key: string): number | undefined {
  const value = group.get(key);
  if (typeof value === "boolean") return Number(value);
  return typeof value === "number" ? value : undefined;
}

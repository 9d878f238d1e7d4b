import { expandFrames } from "../frames/index.ts";
import type { Job, RenderConfig } from "../schemas/index.ts";

/**
 * The settings that a render was started with otherwise than is asked for now. A job keeps what it was started with, so
 * these are not what will come. Empty where the server does not say; notes change nothing in the frames.
 *
 * @param asked what the caller has named, without defaults
 */
export function findOtherSettings({ requestedConfig }: Job, asked: Partial<RenderConfig>): string[] {
  if (typeof requestedConfig !== "object" || requestedConfig === null) return [];
  const started: Readonly<Record<string, unknown>> = { ...requestedConfig };
  return Object.entries(asked)
    .filter(([name, value]) => name !== "notes" && value !== undefined && name in started)
    .filter(([name, value]) => normalize(name, value) !== normalize(name, started[name]))
    .map(([name]) => name);
}

/** Frames may be written in many ways, members come in any order, and a server may echo a number as a text. */
function normalize(name: string, value: unknown): string {
  if (name === "frameRanges") return readFrames([value].flat().map(String)).join();
  if (typeof value !== "object" || value === null) return String(value);
  const members = Object.entries(value).map(([key, member]) => `${key}=${normalize(key, member)}`);
  return members.toSorted().join();
}

function readFrames(ranges: readonly string[]): readonly (number | string)[] {
  try {
    return expandFrames(ranges);
  } catch {
    return ranges;
  }
}

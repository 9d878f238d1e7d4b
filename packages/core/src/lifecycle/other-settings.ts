import type { Job, RenderConfig } from "../contract/index.ts";
import { expandFrames } from "../frame-ranges/index.ts";
import { foreignLine } from "../text/terminal-text.ts";

/** A setting of a render that is not as it is asked for now. */
export interface OtherSetting {
  /** As users name it: `frames`, `fps`, `outputSettings.quality`. */
  readonly name: string;
  /** As people write it; undefined when the render was started without it, so with what the scene says. */
  readonly started: string | undefined;
  readonly asked: string;
}

/**
 * The settings that a render was started with otherwise than is asked for now. A job keeps what it was started with, so
 * these are not what will come. Empty where the server does not say; notes change nothing in the frames.
 *
 * @param asked what the caller has named, without defaults
 */
export function findOtherSettings({ requestedConfig }: Job, asked: Partial<RenderConfig>): OtherSetting[] {
  if (!requestedConfig) return [];
  const started = new Map(listSettings(requestedConfig));
  // Without it no render is requested: what has it is told whole, and what it lacks was not asked for.
  const isWhole = started.has("colorManagementPreset");
  return listSettings(asked).flatMap(([name, value]) => {
    if (value === undefined || name === "notes") return [];
    const before = started.get(name);
    const isOther =
      before === undefined
        ? isWhole && !started.has(name)
        : normalize(name, before) !== normalize(name, value);
    return isOther ? [{ name, started: before, asked: value }] : [];
  });
}

/** Of a job that was started with other frames, those that are asked for now. */
export function findOtherFrames(job: Job, asked: Partial<RenderConfig>): readonly number[] | undefined {
  const others = findOtherSettings(job, asked).some(({ name }) => name === "frames");
  return others ? expandFrames(asked.frameRanges ?? []) : undefined;
}

/** Without a value where there is something that cannot be read. */
type Setting = readonly [name: string, value: string | undefined];

/** With the members of `outputSettings` one by one: their order says nothing. */
function listSettings(config: object, group = ""): Setting[] {
  return Object.entries(config).flatMap(([name, value]): Setting[] => {
    if (value === null) return [];
    // No setting lies deeper.
    if (isRecord(value)) return group === "" ? listSettings(value, `${name}.`) : [];
    return [[name === "frameRanges" ? "frames" : group + name, write(name, value)]];
  });
}

function write(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return foreignLine([value].flat().join(name === "resolution" ? "x" : ","));
}

/** Frames may be written in many ways. */
function normalize(name: string, value: string): string {
  if (name !== "frames") return value;
  try {
    return expandFrames(value).join();
  } catch {
    return value;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

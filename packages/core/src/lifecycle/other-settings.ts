import type { Job, RenderConfig } from "../contract/index.ts";
import { expandFrames } from "../frame-ranges/index.ts";
import { foreignLine } from "../text/terminal-text.ts";

/** A setting of a render that differs from what is requested now. */
export interface OtherSetting {
  /** The name that users know: `frames`, `fps`, `outputSettings.quality`. */
  readonly name: string;
  /** In readable form; undefined if the render was started without it, with the setting of the scene. */
  readonly started: string | undefined;
  readonly asked: string;
}

/**
 * The settings of a started render that differ from those requested now. A job keeps the settings that it was started with,
 * so the new ones have no effect. Empty if the server does not report the settings. Notes are ignored, since they do not
 * affect the frames.
 *
 * @param asked the settings that the caller gave, without defaults
 */
export function findOtherSettings({ requestedConfig }: Job, asked: Partial<RenderConfig>): OtherSetting[] {
  if (!requestedConfig) return [];
  const started = new Map(listSettings(requestedConfig));
  // No render is requested without it: a config that has it is complete, and what is missing there was not requested.
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

/** The frames requested now, if the job was started with different ones. */
export function findOtherFrames(job: Job, asked: Partial<RenderConfig>): readonly number[] | undefined {
  const others = findOtherSettings(job, asked).some(({ name }) => name === "frames");
  return others ? expandFrames(asked.frameRanges ?? []) : undefined;
}

/** Without a value where there is something that cannot be read. */
type Setting = readonly [name: string, value: string | undefined];

/** With the members of `outputSettings` one by one, since their order does not matter. */
function listSettings(config: object, group = ""): Setting[] {
  return Object.entries(config).flatMap(([name, value]): Setting[] => {
    if (value === null) return [];
    // No setting is nested deeper.
    if (isRecord(value)) return group === "" ? listSettings(value, `${name}.`) : [];
    return [[name === "frameRanges" ? "frames" : group + name, write(name, value)]];
  });
}

function write(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return foreignLine([value].flat().join(name === "resolution" ? "x" : ","));
}

/** The same frames can be written in many ways. */
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

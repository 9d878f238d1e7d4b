import { expect } from "vitest";
import type { ExternalFile, SceneFacts } from "../../src/index.ts";

/** What Blender says about a scene, by `report_facts.py`. */
export interface BlenderReport {
  /** By name of a member of `SceneFacts`. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Every path that `bpy.utils.blend_paths` lists. */
  readonly blendPaths: readonly string[];
}

export function parseReport(json: string): BlenderReport {
  const { blendPaths, ...facts } = JSON.parse(json);
  return { facts, blendPaths };
}

/** Of one member of `SceneFacts`. */
export function expectSame(facts: SceneFacts, report: BlenderReport, key: string): void {
  expect(sorted(facts[key as keyof SceneFacts])).toEqual(sorted(report.facts[key]));
}

/** @returns the paths that Blender lists and our facts do not have */
export function pathsMissingIn(facts: SceneFacts, { blendPaths }: BlenderReport): string[] {
  const known = new Set([...facts.files.flatMap(pathsOf), ...facts.texts.map(({ path }) => path)]);
  return blendPaths.filter((path) => path !== "" && !known.has(path));
}

/**
 * Paths in the scene of `make_fixtures.py` that Blender lists although rendering does not need them.
 *
 * @param folder where it was made
 */
export function needlessPaths(folder: string): string[] {
  return [
    // An ocean that is not baked.
    "//assets/ocean",
    // Images of the two libraries, which are files with their own facts.
    "//deep.png",
    "//shallow.png",
    // The sound of a strip, as it was when the strip was made; what counts is the path of the sound datablock.
    `${folder}/assets/beep.wav`,
    // On Linux, Blender turns backslashes around as it opens a file.
    "C:/textures/wood.png",
  ];
}

function pathsOf({ path, names }: ExternalFile): string[] {
  return [path, ...names.map((name) => path.slice(0, path.lastIndexOf("/") + 1) + name)];
}

/** Blender lists datablocks by name, a file has them by type. */
function sorted(value: unknown): unknown {
  if (!Array.isArray(value)) return comparable(value);
  return value.map((each) => JSON.stringify(comparable(each))).toSorted();
}

/** Undefined becomes null as in JSON, and floats lose what Python shows of them beyond their precision. */
function comparable(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === "number") return Number(value.toPrecision(6));
  if (typeof value === "string") return value.replaceAll("\\", "/");
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return value;
  const keys = Object.keys(value).toSorted();
  return Object.fromEntries(keys.map((key) => [key, comparable(value[key as keyof typeof value])]));
}

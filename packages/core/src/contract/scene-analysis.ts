import { z } from "zod/v4";
import { foreignLine } from "../text/terminal-text.ts";
import { findMissingFiles, isAboutMissingFiles, textsIn } from "./find-missing-files.ts";
import { optional } from "./loose.ts";
import { openEnum } from "./open-enum.ts";
import { OUTPUT_FORMATS, RENDER_ENGINES } from "./render-config.ts";

const strings = z.array(z.string());

const membersSchema = z.looseObject({
  /** Version that looked at the scene. */
  blenderVersion: optional(z.string()),
  /** Version that wrote the file. */
  fileVersion: optional(z.string()),
  renderEngine: optional(openEnum(RENDER_ENGINES)),
  /** The scene's own range, inclusive. */
  frameStart: optional(z.int()),
  frameEnd: optional(z.int()),
  frameStep: optional(z.int()),
  fps: optional(z.number()),
  /** `[width, height]` in pixels, before `resolutionPercentage`. */
  resolution: optional(z.array(z.number())),
  resolutionPercentage: optional(z.number()),
  sampleCount: optional(z.number()),
  outputFormat: optional(openEnum(OUTPUT_FORMATS)),
  cameras: optional(strings),
  activeCamera: optional(z.string()),
  /** Of a stereo or multi-view render. */
  views: optional(strings),
  /** What the scene uses and the farm does not find, in whichever way the server says so: textures, libraries, caches. */
  missingFiles: optional(strings),
  warnings: optional(strings),
});

export const sceneAnalysisSchema = z.preprocess(readAnalysis, membersSchema);
/**
 * What validation found in the scene. The API documents no members: these are read where a server gives them, as the
 * sandbox does, and whatever else it sends is kept.
 */
export interface SceneAnalysis extends z.infer<typeof sceneAnalysisSchema> {}

function readAnalysis(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const analysis: Readonly<Record<string, unknown>> = Array.isArray(value) ? { scenes: value } : { ...value };
  const warnings = textsIn(analysis.warnings);
  const missingFiles = findMissingFiles(analysis, warnings);
  return {
    ...analysis,
    ...(warnings.length > 0 && { warnings }),
    ...(missingFiles.length > 0 && { missingFiles }),
  };
}

/** What else than missing files the server's analysis warns of, in its own words. */
export function sceneWarnings(analysis: SceneAnalysis | null | undefined): string[] {
  return (analysis?.warnings ?? []).filter((text) => !isAboutMissingFiles(text)).map(foreignLine);
}

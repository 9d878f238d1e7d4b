import * as z from "zod/v4";
import { foreignLine } from "../text/terminal-text.ts";
import { findMissingFiles, isAboutMissingFiles, textsIn } from "./find-missing-files.ts";
import { type Documented, optional } from "./loose.ts";
import { openEnum } from "./open-enum.ts";
import { OUTPUT_FORMATS, RENDER_ENGINES } from "./render-config.ts";

const strings = z.array(z.string());

const membersSchema = z.looseObject({
  /** The version that analyzed the scene. */
  blenderVersion: optional(z.string()),
  /** The version that wrote the file. */
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
  /** For a stereo or multi-view render. */
  views: optional(strings),
  /** Files that the scene uses and the farm did not find, in whichever form the server lists them: textures, libraries, caches. */
  missingFiles: optional(strings),
  warnings: optional(strings),
});

export const sceneAnalysisSchema = z.preprocess(readAnalysis, membersSchema);
/**
 * What validation found in the scene. The API documents no members. These are read if the server returns them, as the
 * sandbox does; everything else is kept.
 */
export interface SceneAnalysis extends Documented<z.infer<typeof sceneAnalysisSchema>> {}

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

/** The server's own warnings, except those about missing files. */
export function sceneWarnings(analysis: SceneAnalysis | null | undefined): string[] {
  return (analysis?.warnings ?? []).filter((text) => !isAboutMissingFiles(text)).map(foreignLine);
}

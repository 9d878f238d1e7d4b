import { dirname, join } from "node:path";
import type { RenderConfig } from "@renderjuice/core";
import type { AnalyzeInput, RenderedFile, RenderOutcome, SceneAnalysis } from "../src/index.ts";
import type { BlenderRenderer } from "../src/renderers/blender/index.ts";

export interface RenderedScene extends RenderOutcome {
  readonly analysis: SceneAnalysis;
  readonly outputDir: string;
  readonly files: readonly RenderedFile[];
  /** Frames in the order in which they were reported. */
  readonly frames: readonly number[];
}

export interface RenderSceneOptions {
  readonly config?: Partial<RenderConfig>;
  readonly frames?: readonly number[];
  readonly signal?: AbortSignal;
  readonly onFrame?: (frame: number) => void;
}

/** Analyses and renders a scene into `<scene>-output` beside it, as a job does. */
export async function renderScene(
  renderer: BlenderRenderer,
  scenePath: string,
  options: RenderSceneOptions = {},
): Promise<RenderedScene> {
  const signal = options.signal ?? new AbortController().signal;
  const input = analyzeInput(scenePath, signal);
  const analysis = await renderer.analyze(input);
  const outputDir = join(`${scenePath}-output`);
  const files: RenderedFile[] = [];
  const frames: number[] = [];
  const outcome = await renderer.render({
    ...input,
    outputDir,
    analysis,
    frames: options.frames ?? [1],
    config: { colorManagementPreset: "default", ...options.config },
    onFrame: (frame, frameFiles) => {
      frames.push(frame);
      files.push(...frameFiles);
      options.onFrame?.(frame);
    },
  });
  return { ...outcome, analysis, outputDir, files, frames };
}

/** A scene that lies in the folder of everything that was sent. */
export function analyzeInput(scenePath: string, signal = new AbortController().signal): AnalyzeInput {
  return { scenePath, sceneDir: dirname(scenePath), workDir: `${scenePath}-work`, signal };
}

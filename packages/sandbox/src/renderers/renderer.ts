import type { RenderConfig } from "@renderjuice/core";

/** What validation found in a scene; stored as the job's `analysis`. Sizes in pixels, frames inclusive. */
export interface SceneAnalysis {
  readonly blenderVersion: string;
  /** Version that wrote the file. */
  readonly fileVersion: string;
  readonly renderEngine: string;
  readonly frameStart: number;
  readonly frameEnd: number;
  readonly frameStep: number;
  readonly fps: number;
  /** `[width, height]` before `resolutionPercentage`. */
  readonly resolution: readonly [number, number];
  readonly resolutionPercentage: number;
  readonly sampleCount: number | null;
  readonly outputFormat: string;
  readonly cameras: readonly string[];
  readonly activeCamera: string | null;
  readonly views: readonly string[];
  readonly missingFiles: readonly string[];
  readonly warnings: readonly string[];
}

/** A file that a render made, relative to its output folder, in `/` notation. */
export interface RenderedFile {
  readonly kind: "frame" | "compositeNode" | "video" | "preview";
  readonly relativePath: string;
  readonly frame?: number | undefined;
  readonly view?: string | undefined;
  readonly compositeNodeName?: string | undefined;
}

/** What a renderer analyzes. */
export interface AnalyzeInput {
  readonly scenePath: string;
  /** Everything that was sent: the scene and the files that it uses. */
  readonly sceneDir: string;
  /** For unfinished files; created, emptied and removed by the renderer, on the file system of the output. */
  readonly workDir: string;
  readonly signal: AbortSignal;
}

/** What a renderer renders. */
export interface RenderInput extends AnalyzeInput {
  readonly outputDir: string;
  /** The frames to render, in order; after a restart, only the missing ones. */
  readonly frames: readonly number[];
  readonly config: RenderConfig;
  readonly analysis: SceneAnalysis;
  /** Called after each frame is complete on disk. */
  onFrame(frame: number, files: readonly RenderedFile[]): void;
}

/** What a render gave. */
export interface RenderOutcome {
  /** The settings that were actually used; stored as the job's `finalConfig`. */
  readonly finalConfig: Record<string, unknown>;
  /** Settings that could not be honored, such as a denoiser that the build lacks. */
  readonly warnings: readonly string[];
}

/** Turns a scene into images. Rejects with `RenderFailure` if the scene is at fault, `signal.reason` when aborted. */
export interface Renderer {
  readonly name: "blender" | "simulated";
  /** How scenes are isolated from this machine, for people; undefined if scenes are never opened. */
  readonly isolation?: { readonly kind: string; readonly description: string } | undefined;
  analyze(input: AnalyzeInput): Promise<SceneAnalysis>;
  render(input: RenderInput): Promise<RenderOutcome>;
}

/**
 * A failure that a person can understand; becomes the job's `failedReason` as `{ name, type }`.
 *
 * @example
 * throw new RenderFailure("missing_camera", "The scene has no camera.");
 */
export class RenderFailure extends Error {
  /** Machine-readable kind: `missing_camera`, `scene_unreadable`, `out_of_memory`, `renderer_crashed`, … */
  readonly type: string;

  constructor(type: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "RenderFailure";
    this.type = type;
  }
}

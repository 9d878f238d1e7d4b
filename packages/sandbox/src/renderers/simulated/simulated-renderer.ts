import { mkdir, open, rename, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Clock } from "../../clock.ts";
import {
  type Renderer,
  RenderFailure,
  type RenderInput,
  type RenderOutcome,
  type SceneAnalysis,
} from "../renderer.ts";
import { drawFrame } from "./draw-frame.ts";

export interface SimulatedRendererOptions {
  readonly clock: Clock;
  /** Milliseconds that validation and each frame take. @default 0 */
  readonly stepMs?: number | undefined;
  /** The reported contents of every scene. */
  readonly scene?: Partial<SceneAnalysis> | undefined;
}

const SCENE: SceneAnalysis = {
  blenderVersion: "simulated",
  fileVersion: "unknown",
  renderEngine: "CYCLES",
  frameStart: 1,
  frameEnd: 10,
  frameStep: 1,
  fps: 24,
  resolution: [640, 360],
  resolutionPercentage: 100,
  sampleCount: 128,
  outputFormat: "PNG",
  cameras: ["Camera"],
  activeCamera: "Camera",
  views: [],
  missingFiles: [],
  warnings: [],
};

/** The first bytes of a plain, a gzip and a zstd `.blend`. */
const SCENE_SIGNATURES = ["424c454e444552", "1f8b", "28b52ffd"];

/**
 * Draws labeled PNG frames without Blender, for tests and for machines without Blender.
 *
 * @example
 * const renderer = createSimulatedRenderer({ clock: systemClock });
 */
export function createSimulatedRenderer({ clock, stepMs = 0, scene }: SimulatedRendererOptions): Renderer {
  return {
    name: "simulated",
    async analyze({ scenePath, signal }) {
      await clock.sleep(stepMs, signal);
      await checkSignature(scenePath);
      return { ...SCENE, ...scene };
    },
    async render(input) {
      await mkdir(input.outputDir, { recursive: true });
      for (const frame of input.frames) {
        await clock.sleep(stepMs, input.signal);
        input.signal.throwIfAborted();
        await renderFrame(input, frame);
      }
      return outcomeOf(input);
    },
  };
}

async function checkSignature(scenePath: string): Promise<void> {
  const handle = await open(scenePath, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(7), 0, 7, 0);
    const head = buffer.subarray(0, bytesRead).toString("hex");
    if (SCENE_SIGNATURES.some((signature) => head.startsWith(signature))) return;
  } finally {
    await handle.close();
  }
  throw new RenderFailure("scene_unreadable", `${basename(scenePath)} is not a Blender scene.`);
}

async function renderFrame(
  { outputDir, config, analysis, onFrame }: RenderInput,
  frame: number,
): Promise<void> {
  const [width, height] = sizeOf(config, analysis);
  const sign = frame < 0 ? "-" : "";
  const relativePath = `frame_${sign}${String(Math.abs(frame)).padStart(4, "0")}.png`;
  const path = join(outputDir, relativePath);
  await writeFile(`${path}.part`, drawFrame(width, height, frame));
  await rename(`${path}.part`, path);
  onFrame(frame, [{ kind: "frame", relativePath, frame }]);
}

function sizeOf(config: RenderInput["config"], analysis: SceneAnalysis): [number, number] {
  const [width = 1, height = 1] = config.resolution ?? analysis.resolution;
  const scale = (config.resolutionPercentage ?? analysis.resolutionPercentage) / 100;
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

function outcomeOf({ config, analysis }: RenderInput): RenderOutcome {
  const isOther = config.outputFormat !== undefined && config.outputFormat !== "PNG";
  const warnings = isOther ? [`SIMULATED frames are always PNG, not ${config.outputFormat}.`] : [];
  return {
    finalConfig: { renderEngine: analysis.renderEngine, ...config, outputFormat: "PNG", isSimulated: true },
    warnings,
  };
}

import { existsSync } from "node:fs";
import { join, parse, relative, resolve, sep } from "node:path";
import { type Blender, findBlender, isAtLeast } from "@renderjuice/core/adapter/node";
import {
  type AnalyzeInput,
  type Renderer,
  RenderFailure,
  type RenderInput,
  type SceneAnalysis,
} from "../renderer.ts";
import { readBlendVersion } from "./blend-header.ts";
import { newerSceneFailure } from "./blender-failure.ts";
import { type BlenderLimits, defaultBlenderLimits } from "./blender-limits.ts";
import { askBlender, type BlenderSetup } from "./blender-session.ts";
import { fetchFinished } from "./fetch-finished.ts";
import { findIsolation } from "./isolation/find-isolation.ts";
import type { Isolation, IsolationMode, JobFolders } from "./isolation/isolation.ts";
import { locateProgram } from "./isolation/program.ts";
import type { BlenderMessage } from "./message-reader.ts";
import { createWorkFolder } from "./work-folder.ts";

const PREVIEW_NAME = "preview.png";

export interface BlenderRendererOptions {
  /** Path of Blender. @default `RENDERJUICE_BLENDER`, the `PATH` or the usual places */
  readonly executable?: string | undefined;
  /** Default: this process's environment, of which Blender sees an allow-list. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly limits?: Partial<BlenderLimits> | undefined;
  /** @default "auto" */
  readonly isolation?: IsolationMode | undefined;
  /** Threads that Blender may use; default all. */
  readonly threads?: number | undefined;
  /** Receives every line that Blender writes, for a log. */
  readonly onLogLine?: ((line: string) => void) | undefined;
}

export interface BlenderRenderer extends Renderer {
  readonly name: "blender";
  readonly blender: Blender;
  /** How scenes are isolated from this machine. */
  readonly isolation: Pick<Isolation, "kind" | "description">;
}

/**
 * A renderer that runs a real Blender, one process per request, and does not trust scenes.
 *
 * @throws BlenderNotFoundError; Error if isolation is `required` but not possible.
 */
export async function createBlenderRenderer(options: BlenderRendererOptions = {}): Promise<BlenderRenderer> {
  const env = options.env ?? process.env;
  const blender = await findBlender({ executable: options.executable, env });
  const program = await locateProgram(blender.executable, env);
  const isolation = await findIsolation(options.isolation ?? "auto", program);
  const limits = { ...defaultBlenderLimits(), ...options.limits };
  const setup: BlenderSetup = { blender, limits, env, isolation, onLogLine: options.onLogLine };
  return {
    name: "blender",
    blender,
    isolation,
    analyze: (input) => analyze(setup, input),
    render: (input) => render(setup, input, options.threads),
  };
}

async function analyze(setup: BlenderSetup, input: AnalyzeInput): Promise<SceneAnalysis> {
  const fileVersion = await readBlendVersion(input.scenePath);
  await using folder = await createWorkFolder(
    resolve(input.workDir),
    resolve(input.sceneDir),
    setup.isolation,
  );
  const timeMs = setup.limits.analyzeMs;
  const answer = askBlender(
    setup,
    {
      request: (folders) => ({ action: "analyze", scenePath: scenePathIn(folders, input) }),
      folder,
      limits: { stepMs: timeMs, jobMs: timeMs },
      signal: input.signal,
      onMessage: () => {},
      activity: () => "opened the scene",
      needsGraphics: false,
    },
    isAnalysis,
  );
  const { analysis } = await answer.catch((error) => {
    const isNewer = !isAtLeast(setup.blender.version, fileVersion[0], fileVersion[1]);
    const isUnreadable = error instanceof RenderFailure && error.type === "scene_unreadable";
    throw isNewer && isUnreadable ? newerSceneFailure(fileVersion, setup.blender.version) : error;
  });
  return analysis;
}

async function render(setup: BlenderSetup, input: RenderInput, threads: number | undefined) {
  if (input.frames.length === 0) throw new RenderFailure("no_frames", "There are no frames to render.");
  const outputDir = resolve(input.outputDir);
  await using folder = await createWorkFolder(
    resolve(input.workDir),
    resolve(input.sceneDir),
    setup.isolation,
  );
  const left = [...input.frames];
  let isOpen = false;
  const onMessage = (message: BlenderMessage) => {
    if (message.type === "scene-opened") isOpen = true;
    if (message.type !== "frame") return;
    if (message.frame !== left.shift())
      throw new RenderFailure("renderer_error", `Blender delivered frame ${message.frame} out of order.`);
    input.onFrame(message.frame, fetchFinished(message.files, folder.folders.workDir, outputDir));
  };
  const answer = await askBlender(
    setup,
    {
      request: (folders) => renderRequest(input, folders, threads),
      folder,
      limits: { stepMs: setup.limits.frameMs, jobMs: setup.limits.jobMs },
      signal: input.signal,
      onMessage,
      activity: () => (isOpen ? `rendered frame ${left[0] ?? "the last"}` : "opened the scene"),
      needsGraphics: (input.config.renderEngine ?? input.analysis.renderEngine) !== "CYCLES",
    },
    isOutcome,
  );
  return answer.outcome;
}

function renderRequest(input: RenderInput, folders: JobFolders, threads?: number) {
  const { frameStart, frameEnd } = input.analysis;
  const { frames } = input;
  const hasPreview = existsSync(join(input.outputDir, PREVIEW_NAME));
  return {
    action: "render",
    scenePath: scenePathIn(folders, input),
    outputName: parse(input.scenePath).name,
    frames,
    previewFrame: hasPreview ? null : frames[Math.floor(frames.length / 2)],
    config: { frameRanges: [`${frameStart}-${frameEnd}`], ...input.config },
    threads,
  };
}

/** The scene's path as Blender sees it. Blender accepts slashes on every system. */
function scenePathIn({ sceneDir }: JobFolders, input: Pick<AnalyzeInput, "sceneDir" | "scenePath">): string {
  const inside = relative(input.sceneDir, input.scenePath).split(sep).join("/");
  return `${sceneDir}/${inside}`;
}

function isAnalysis(message: BlenderMessage): message is Extract<BlenderMessage, { type: "analysis" }> {
  return message.type === "analysis";
}

function isOutcome(message: BlenderMessage): message is Extract<BlenderMessage, { type: "outcome" }> {
  return message.type === "outcome";
}

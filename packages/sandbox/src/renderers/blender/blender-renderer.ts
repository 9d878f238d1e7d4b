import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join, parse, resolve } from "node:path";
import { type Blender, findBlender, isAtLeast } from "@renderjuice/core/node";
import { type Renderer, RenderFailure, type RenderInput, type SceneAnalysis } from "../renderer.ts";
import { readBlendVersion } from "./blend-header.ts";
import { newerSceneFailure } from "./blender-failure.ts";
import { type BlenderLimits, defaultBlenderLimits } from "./blender-limits.ts";
import { askBlender, type BlenderSetup } from "./blender-session.ts";
import type { BlenderMessage } from "./message-reader.ts";
import { findNetworkIsolation } from "./network-isolation.ts";
import { createWorkFolder } from "./work-folder.ts";

/** Holds unfinished files inside the output folder: a rename within one file system cannot leave half a file. */
const PARTIAL_DIR = ".partial";

export interface BlenderRendererOptions {
  /** Path of Blender; without it `RENDERJUICE_BLENDER`, the `PATH` and the usual places are tried. */
  readonly executable?: string | undefined;
  /** Default: this process's environment, of which Blender sees an allow-list. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly limits?: Partial<BlenderLimits>;
  /** Threads that Blender may use; default all. */
  readonly threads?: number | undefined;
  /** Every line that Blender writes, for a log. */
  readonly onLogLine?: ((line: string) => void) | undefined;
}

export interface BlenderRenderer extends Renderer {
  readonly name: "blender";
  readonly blender: Blender;
  /** Whether scenes run without network on this machine. */
  readonly isNetworkCut: boolean;
}

/**
 * A renderer that runs a real Blender, one process per request, and trusts no scene.
 *
 * @throws BlenderNotFoundError
 */
export async function createBlenderRenderer(options: BlenderRendererOptions = {}): Promise<BlenderRenderer> {
  const env = options.env ?? process.env;
  const blender = await findBlender({ executable: options.executable, env });
  const isolation = await findNetworkIsolation();
  const limits = { ...defaultBlenderLimits(), ...options.limits };
  const setup: BlenderSetup = { blender, limits, env, isolation, onLogLine: options.onLogLine };
  return {
    name: "blender",
    blender,
    isNetworkCut: isolation.length > 0,
    analyse: (scenePath, signal) => analyse(setup, resolve(scenePath), signal),
    render: (input) => render(setup, input, options.threads),
  };
}

async function analyse(setup: BlenderSetup, scenePath: string, signal: AbortSignal): Promise<SceneAnalysis> {
  const fileVersion = await readBlendVersion(scenePath);
  await using folder = await createWorkFolder(join(tmpdir(), `renderjuice-analyse-${randomUUID()}`));
  const timeMs = setup.limits.analyseMs;
  const answer = askBlender(
    setup,
    {
      request: { action: "analyse", scenePath },
      folder,
      limits: { stepMs: timeMs, jobMs: timeMs },
      signal,
      onMessage: () => {},
      activity: () => "opened the scene",
      isEevee: false,
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
  if (input.frames.length === 0) throw new RenderFailure("no_frames", "There is no frame to render.");
  const outputDir = resolve(input.outputDir);
  await using folder = await createWorkFolder(join(outputDir, PARTIAL_DIR));
  let done = 0;
  let isOpen = false;
  const onMessage = (message: BlenderMessage) => {
    if (message.type === "scene-opened") isOpen = true;
    if (message.type !== "frame") return;
    done += 1;
    input.onFrame(message.frame, message.files);
  };
  const answer = await askBlender(
    setup,
    {
      request: renderRequest(input, outputDir, folder.path, threads),
      folder,
      limits: { stepMs: setup.limits.frameMs, jobMs: setup.limits.jobMs },
      signal: input.signal,
      onMessage,
      activity: () => (isOpen ? `rendered frame ${input.frames[done] ?? "the last"}` : "opened the scene"),
      isEevee: (input.config.renderEngine ?? input.analysis.renderEngine).startsWith("BLENDER_EEVEE"),
    },
    isOutcome,
  );
  return answer.outcome;
}

function renderRequest(input: RenderInput, outputDir: string, partialDir: string, threads?: number) {
  const { frameStart, frameEnd } = input.analysis;
  return {
    action: "render",
    scenePath: resolve(input.scenePath),
    outputDir,
    partialDir,
    outputName: parse(input.scenePath).name,
    frames: input.frames,
    config: { frameRanges: [`${frameStart}-${frameEnd}`], ...input.config },
    threads,
  };
}

function isAnalysis(message: BlenderMessage): message is Extract<BlenderMessage, { type: "analysis" }> {
  return message.type === "analysis";
}

function isOutcome(message: BlenderMessage): message is Extract<BlenderMessage, { type: "outcome" }> {
  return message.type === "outcome";
}

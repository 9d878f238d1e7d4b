import { type BlenderVersion, formatBlenderVersion } from "@renderjuice/core/adapter/node";
import { RenderFailure } from "../renderer.ts";
import type { BlenderLimits } from "./blender-limits.ts";
import type { BlenderExit } from "./run-blender.ts";

const OUT_OF_MEMORY = /out of memory|malloc returns null|calloc returns null|std::bad_alloc|MemoryError/i;
const NO_GRAPHICS = /unable to open a display|EGL|OpenGL|GHOST|gpu backend|no .*GPU.* found|Vulkan/i;

export interface BlenderFailureInput {
  readonly exit: BlenderExit;
  readonly limits: Pick<BlenderLimits, "memoryBytes"> & { readonly stepMs: number; readonly jobMs: number };
  /** What Blender was doing, to end "… while it …": `rendered frame 7`. */
  readonly activity: string;
  readonly needsGraphics: boolean;
}

/** Why Blender ended without a result, as a sentence for the scene's owner. */
export function blenderFailure(input: BlenderFailureInput): RenderFailure {
  const { exit, activity } = input;
  return (
    limitFailure(input) ??
    memoryFailure(exit, activity) ??
    (input.needsGraphics && exit.log.has(NO_GRAPHICS) ? graphicsFailure() : crashFailure(exit, activity))
  );
}

/** A scene from a newer Blender, which this one cannot open. */
export function newerSceneFailure(fileVersion: BlenderVersion, version: BlenderVersion): RenderFailure {
  const [major, minor] = fileVersion;
  return new RenderFailure(
    "scene_too_new",
    `The scene was saved by Blender ${major}.${minor}; Blender ${formatBlenderVersion(version)} cannot open it. ` +
      "Save it with an older version, or give the sandbox a newer Blender.",
  );
}

function limitFailure({ exit, limits, activity }: BlenderFailureInput): RenderFailure | undefined {
  if (exit.passedLimit === undefined) return undefined;
  if (exit.passedLimit === "memoryBytes") {
    const allowed = (limits.memoryBytes / 2 ** 30).toFixed(1);
    return new RenderFailure(
      "out_of_memory",
      `Blender was stopped while it ${activity}: it used more than the allowed ${allowed} GiB of memory.`,
    );
  }
  const seconds = Math.round(limits[exit.passedLimit] / 1000);
  const what = exit.passedLimit === "jobMs" ? "the whole job" : "one step";
  return new RenderFailure(
    "time_limit",
    `Blender was stopped while it ${activity}: ${what} may take ${seconds} s at most.`,
  );
}

function memoryFailure(exit: BlenderExit, activity: string): RenderFailure | undefined {
  // We did not send this SIGKILL, and the usual other sender is the system when memory runs out.
  if (exit.signal !== "SIGKILL" && !exit.log.has(OUT_OF_MEMORY)) return undefined;
  return new RenderFailure("out_of_memory", `Blender ran out of memory while it ${activity}.`);
}

function graphicsFailure(): RenderFailure {
  return new RenderFailure(
    "engine_unavailable",
    "Eevee and Workbench need a GPU or a display, and this machine has neither. Set renderEngine to CYCLES, or render elsewhere.",
  );
}

function crashFailure(exit: BlenderExit, activity: string): RenderFailure {
  const cause = exit.signal ? `signal ${exit.signal}` : `exit code ${exit.code}`;
  const lastLine = exit.log.lastMeaningfulLine();
  const said = lastLine === undefined ? "" : ` Its last output: ${lastLine}`;
  return new RenderFailure("renderer_crashed", `Blender crashed while it ${activity} (${cause}).${said}`);
}

import { resolve } from "node:path";
import type { JobHandle } from "@renderjuice/core/node";
import pLimit from "p-limit";
import type { CommandContext } from "./command-context.ts";
import type { OptionChanges } from "./command-line.ts";
import { EXIT, worstExitCode } from "./exit-codes.ts";
import { type FollowOptions, followUntil } from "./follow-job.ts";
import { listenForInterrupt } from "./interrupt.ts";
import { outputOf, placesOf, type Scene } from "./scenes.ts";

/** More uploads at the same time would share the same bandwidth. */
const UPLOADS_AT_A_TIME = 3;

export interface FollowScenesOptions extends FollowOptions {
  /** Starts a scene. Called when it is its turn to be uploaded. */
  readonly start: (scene: Scene, places: ReturnType<typeof placesOf>) => JobHandle;
}

/**
 * Renders several scenes at the same time. A scene that fails does not stop the others; Ctrl-C applies to all of them.
 *
 * @returns the worst exit code
 */
export async function followScenes(
  context: CommandContext,
  scenes: readonly Scene[],
  { start, ...options }: FollowScenesOptions,
): Promise<number> {
  const interrupt = listenForInterrupt();
  const limit = pLimit(UPLOADS_AT_A_TIME);

  async function followOne(scene: Scene): Promise<number> {
    const sceneContext = { ...context, output: outputOf(context, scene, scenes.length) };
    const places = placesOf(scene, options);
    const begun = await limit(async () => {
      if (interrupt.isReceived) return undefined;
      const handle = start(scene, places);
      const exitCode = followUntil(interrupt, sceneContext, handle, {
        ...options,
        ...places,
        renderAgain: (frames) => again(context, scene, { ...places, frames }),
        startOver: again(context, scene, { ...places }),
        jobsAtOnce: scenes.length,
      });
      await waitForUpload(handle);
      return { exitCode };
    });
    if (begun) return begun.exitCode;
    sceneContext.output.note("Stopped before the scene was sent.", {
      next: again(context, scene, { ...places }),
    });
    return EXIT.interrupted;
  }

  try {
    return worstExitCode(await Promise.all(scenes.map(followOne)));
  } finally {
    interrupt.stop();
  }
}

/** The command that renders one of the scenes from the start. */
function again({ line }: CommandContext, { paths, mainScene }: Scene, changes: OptionChanges): string {
  const together = paths.length > 1 ? true : undefined;
  const args = paths.map((path) => resolve(path));
  // In a zip, it is a name and not a path.
  const isPath = mainScene !== undefined && !(paths.length === 1 && /\.zip$/i.test(paths[0] ?? ""));
  return line.again(args, { ...changes, together, main: isPath ? resolve(mainScene) : mainScene });
}

/** Waits until the next upload may start: after this one, or its failure. */
async function waitForUpload(handle: JobHandle): Promise<void> {
  try {
    for await (const { type } of handle) if (type === "upload-finished") return;
  } catch {
    // `followUntil` reports it.
  }
}

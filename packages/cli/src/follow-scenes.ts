import { resolve } from "node:path";
import type { JobHandle } from "@renderjuice/core/node";
import pLimit from "p-limit";
import type { CommandContext } from "./command-context.ts";
import type { OptionChanges } from "./command-line.ts";
import { EXIT, worstExitCode } from "./exit-codes.ts";
import { type FollowOptions, followUntil } from "./follow-job.ts";
import { listenForInterrupt } from "./interrupt.ts";
import { outputOf, placesOf, type Scene } from "./scenes.ts";

/** More uploads at a time share one line and make none of them faster. */
const UPLOADS_AT_A_TIME = 3;

export interface FollowScenesOptions extends FollowOptions {
  /** Begins a scene; called when it is its turn to be uploaded. */
  readonly start: (scene: Scene, places: ReturnType<typeof placesOf>) => JobHandle;
}

/**
 * Takes scenes through their lives side by side: one that fails keeps no other from its frames, and Ctrl-C is for all of
 * them.
 *
 * @returns the exit code of the worst one
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
    sceneContext.output.note("Stopped before it was sent.", { next: again(context, scene, { ...places }) });
    return EXIT.interrupted;
  }

  try {
    return worstExitCode(await Promise.all(scenes.map(followOne)));
  } finally {
    interrupt.stop();
  }
}

/** The command for one of the scenes, from the start. */
function again({ line }: CommandContext, { paths, mainScene }: Scene, changes: OptionChanges): string {
  const together = paths.length > 1 ? true : undefined;
  const args = paths.map((path) => resolve(path));
  // Of a zip it is a name in it.
  const isPath = mainScene !== undefined && !(paths.length === 1 && /\.zip$/i.test(paths[0] ?? ""));
  return line.again(args, { ...changes, together, main: isPath ? resolve(mainScene) : mainScene });
}

/** Until the line is free for the next one; also when it never gets so far. */
async function waitForUpload(handle: JobHandle): Promise<void> {
  try {
    for await (const { type } of handle) if (type === "upload-finished") return;
  } catch {
    // Told where the job is followed.
  }
}

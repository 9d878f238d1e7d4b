import { BlenderNotFoundError } from "@renderjuice/core/adapter/node";
import type { Clock } from "./clock.ts";
import type { Logger } from "./logger.ts";
import { createBlenderRenderer } from "./renderers/blender/index.ts";
import type { Renderer } from "./renderers/renderer.ts";
import { createSimulatedRenderer } from "./renderers/simulated/simulated-renderer.ts";
import type { SandboxOptions } from "./sandbox-options.ts";

/** @throws BlenderNotFoundError if Blender is required but missing; Error if isolation is required but not possible. */
export async function chooseRenderer(
  options: SandboxOptions,
  clock: Clock,
  logger: Logger,
): Promise<Renderer> {
  const { renderer = "auto", simulatedScene, simulatedStepMs } = options;
  if (typeof renderer === "object") return renderer;
  const simulated = () =>
    createSimulatedRenderer({
      clock,
      stepMs: simulatedStepMs,
      scene: simulatedScene,
    });
  if (renderer === "simulated") return simulated();
  try {
    return await createBlenderRenderer({ isolation: options.isolation });
  } catch (error) {
    if (renderer === "blender" || !BlenderNotFoundError.isInstance(error)) throw error;
    logger.warn({}, `Frames will be SIMULATED. ${error.message} ${error.hint}`);
    return simulated();
  }
}

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** Ships with the repository: 8 frames of 480 x 270. */
export const DEMO_SCENE = path("../../../examples/scenes/orange-juice.blend");

const SAMPLES = process.env.RENDERJUICE_SAMPLES ?? path("../../../../shared/samples");

/** A scene made by others. If it is not there, a warning says so and this is undefined. */
export function sampleScene(name: string): string | undefined {
  const scene = `${SAMPLES}/${name}`;
  if (existsSync(scene)) return scene;
  process.stderr.write(`\nSKIPPED: there is no ${scene}; RENDERJUICE_SAMPLES names another folder.\n`);
  return undefined;
}

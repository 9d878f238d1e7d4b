import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type BlenderRenderer, createBlenderRenderer } from "../src/renderers/blender/index.ts";

const SAMPLES =
  process.env.RENDERJUICE_SAMPLES ?? fileURLToPath(new URL("../../../../shared/samples", import.meta.url));

/** A renderer with real Blender; undefined, and loudly so, where there is none. In CI its absence is a failure. */
export async function blenderOrSkip(): Promise<BlenderRenderer | undefined> {
  try {
    return await createBlenderRenderer();
  } catch (error) {
    if (process.env.CI) throw error;
    process.stderr.write(`\nSKIPPED, NOTHING WAS RENDERED: ${(error as Error).message}\n`);
    return undefined;
  }
}

/** Folder of scenes made by others; undefined, and loudly so, where it is absent. */
export function samplesOrSkip(): string | undefined {
  if (existsSync(SAMPLES)) return SAMPLES;
  process.stderr.write(
    `\nSKIPPED: no sample scenes in ${SAMPLES}; RENDERJUICE_SAMPLES names another folder.\n`,
  );
  return undefined;
}

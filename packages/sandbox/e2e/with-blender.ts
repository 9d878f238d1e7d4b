import { type BlenderRenderer, createBlenderRenderer } from "../src/renderers/blender/index.ts";

/** A renderer with real Blender; undefined, and loudly so, where there is none. In CI its absence is a failure. */
export async function blenderOrSkip(): Promise<BlenderRenderer | undefined> {
  try {
    const renderer = await createBlenderRenderer();
    process.stderr.write(`\n${renderer.isolation.description}\n`);
    return renderer;
  } catch (error) {
    if (process.env.CI) throw error;
    process.stderr.write(`\nSKIPPED, NOTHING WAS RENDERED: ${(error as Error).message}\n`);
    return undefined;
  }
}

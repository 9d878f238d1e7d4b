import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Renderer } from "../src/index.ts";
import { createSimulatedRenderer } from "../src/renderers/simulated/simulated-renderer.ts";
import { createTestClock } from "./with-sandbox.ts";

/** Makes one frame with a name of one's choice, whose content is its name, and a preview in the same folder. */
export function createNamingRenderer(relativePath: string): Renderer {
  return {
    ...createSimulatedRenderer({ clock: createTestClock() }),
    async render({ outputDir, onFrame }) {
      const preview = join(dirname(relativePath), "preview 50%.png");
      await mkdir(join(outputDir, dirname(relativePath)), { recursive: true });
      await writeFile(join(outputDir, relativePath), relativePath);
      await writeFile(join(outputDir, preview), "preview");
      onFrame(1, [
        { kind: "frame", relativePath, frame: 1 },
        { kind: "preview", relativePath: preview },
      ]);
      return { finalConfig: {}, warnings: [] };
    },
  };
}

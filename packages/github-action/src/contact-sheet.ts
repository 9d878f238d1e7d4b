import { join } from "node:path";
import { frameFiles } from "@renderjuice/core/adapter";
import { createContactSheet } from "@renderjuice/frames";
import { describeError } from "./describe-error.ts";
import type { SceneRun } from "./scene-run.ts";
import { warning } from "./workflow-log.ts";

/** More would make a picture that nobody looks at. */
const MAX_TILES = 48;

/** Draws the frames into one picture next to them. */
export async function drawContactSheet({ downloads, outputDir, name }: SceneRun): Promise<void> {
  const files = downloads ? frameFiles(downloads).map(({ path }) => path) : [];
  if (files.length === 0) return;
  const outFile = join(outputDir, "contact-sheet.png");
  try {
    await createContactSheet({ files, outFile, title: name, maxTiles: MAX_TILES });
  } catch (error) {
    // The user paid for the frames; a picture of them is not worth a failed step.
    warning(`The contact sheet could not be drawn: ${describeError(error)}`, { title: name });
  }
}

import { join } from "node:path";
import { warning } from "@actions/core";
import { createContactSheet } from "@renderjuice/core/node";
import { describeError } from "./describe-error.ts";
import type { SceneRun } from "./scene-run.ts";

/** More would make a picture that nobody looks at. */
const MAX_TILES = 48;

/** Draws the frames, or an even choice of them, into one picture beside them. */
export async function drawContactSheet({ downloads, outputDir, name }: SceneRun): Promise<void> {
  const frames = (downloads?.files ?? []).filter(({ frame }) => frame !== undefined).map(({ path }) => path);
  if (frames.length === 0) return;
  const step = Math.ceil(frames.length / MAX_TILES);
  const files = frames.filter((_, index) => index % step === 0);
  try {
    await createContactSheet({ files, outFile: join(outputDir, "contact-sheet.png"), title: name });
  } catch (error) {
    // The frames are what was paid for; a picture of them is not worth a failed step.
    warning(`No contact sheet: ${describeError(error)}`, { title: name });
  }
}

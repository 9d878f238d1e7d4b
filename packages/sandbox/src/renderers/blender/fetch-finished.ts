import { lstatSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { safeRelativePath } from "@renderjuice/core/adapter";
import { type RenderedFile, RenderFailure } from "../renderer.ts";
import type { FinishedFile } from "./message-reader.ts";

/**
 * Moves finished files from the work folder to their final names in the output folder, which Blender cannot reach. So
 * delivered files do not change, and a link never becomes a file of the job.
 *
 * @throws RenderFailure `unsafe_output` for anything but a regular file.
 */
export function fetchFinished(
  files: readonly FinishedFile[],
  workDir: string,
  outputDir: string,
): RenderedFile[] {
  return files.map(({ name, ...file }) => {
    const relativePath = safeRelativePath(file.relativePath);
    const target = join(outputDir, relativePath);
    // Checked after the move, since before it Blender could still replace the file.
    const arrival = join(outputDir, ".arrival");
    mkdirSync(dirname(target), { recursive: true });
    renameSync(join(workDir, name), arrival);
    if (!lstatSync(arrival).isFile()) {
      rmSync(arrival, { recursive: true });
      throw new RenderFailure("unsafe_output", `${relativePath} is not a regular file, so it was discarded.`);
    }
    renameSync(arrival, target);
    return { ...file, relativePath };
  });
}

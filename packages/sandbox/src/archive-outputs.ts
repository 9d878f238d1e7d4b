import { createWriteStream } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import yazl from "yazl";
import type { DataPaths } from "./data-paths.ts";
import type { RenderedFile } from "./renderers/renderer.ts";

/** Packs frames, and compositor outputs if there are any, into a zip each. */
export async function archiveOutputs(
  files: readonly RenderedFile[],
  paths: DataPaths,
  jobId: string,
): Promise<void> {
  const kinds = { frames: "frame", compositeNodes: "compositeNode" } as const;
  for (const name of ["frames", "compositeNodes"] as const) {
    const members = files.filter(({ kind }) => kind === kinds[name]);
    if (members.length > 0) await writeZip(members, paths.output(jobId), paths.archive(jobId, name));
  }
}

async function writeZip(files: readonly RenderedFile[], folder: string, path: string): Promise<void> {
  const zip = new yazl.ZipFile();
  // Images are compressed already.
  for (const { relativePath } of files)
    zip.addFile(join(folder, relativePath), relativePath, { compress: false });
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(`${path}.part`));
  await rename(`${path}.part`, path);
}

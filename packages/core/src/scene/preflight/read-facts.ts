import { isZstdWhole } from "../../blend/content/walk-zstd.ts";
import type { ByteSource } from "../byte-source.ts";
import { detectFormat } from "./file-format.ts";
import { hasSeekTable } from "./file-rules.ts";
import { END_BYTES, type SourceFacts } from "./source-facts.ts";
import { readZipDirectory } from "./zip-directory.ts";

/** Room for the table of contents of some 40,000 files; a longer one is not read. */
const DIRECTORY_BYTES = 4 * 1024 * 1024;

/**
 * What preflight looks at in a file that may only be streamed: its beginning, its end, and an archive's table of contents.
 * Files inside an archive are not opened, and gzip is not unpacked.
 *
 * @example
 * ```ts
 * import { preflight } from "@renderjuice/core";
 * import { readFacts } from "@renderjuice/core/adapter";
 *
 * const bytes = new TextEncoder().encode("BLENDER-v405");
 * const content = { sizeBytes: bytes.length, read: async (offset: number, length: number) => bytes.slice(offset, offset + length) };
 * const { issues } = preflight(await readFacts(content, { fileName: "shot.blend", fileType: "blend" }));
 * ```
 */
export async function readFacts(
  content: ByteSource,
  { fileName, fileType }: Pick<SourceFacts, "fileName" | "fileType">,
): Promise<SourceFacts> {
  const { sizeBytes } = content;
  const isZip = fileType === "zip";
  const { head, tail } = await readEnds(content, isZip ? DIRECTORY_BYTES : END_BYTES);
  const zipEntries = isZip ? readZipDirectory(tail, sizeBytes) : undefined;
  const isUnreadable = isZip && !zipEntries && sizeBytes <= tail.length;
  return {
    fileName,
    fileType,
    sizeBytes,
    head,
    tail: tail.subarray(-END_BYTES),
    packing: await findPacking(content, head, tail),
    zipEntries,
    zipProblem: isUnreadable ? "it is not where it should be." : undefined,
  };
}

/** Reads forward only, as a stream wants it. */
async function readEnds(content: ByteSource, tailBytes: number) {
  const { sizeBytes } = content;
  if (sizeBytes <= END_BYTES + tailBytes) {
    const all = new Uint8Array(await content.read(0, sizeBytes));
    return { head: all.subarray(0, END_BYTES), tail: all.subarray(-tailBytes) };
  }
  const head = new Uint8Array(await content.read(0, END_BYTES));
  return { head, tail: new Uint8Array(await content.read(sizeBytes - tailBytes, tailBytes)) };
}

/** Blender ends zstd with a table of its frames; where there is none, the frames themselves tell. */
async function findPacking(content: ByteSource, head: Uint8Array, tail: Uint8Array) {
  if (detectFormat(head) !== "zstd" || hasSeekTable(tail)) return undefined;
  return (await isZstdWhole(content)) ? "whole" : "cut off";
}

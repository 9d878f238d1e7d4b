import { BlendFileError } from "../../errors/index.ts";
import type { ByteSource } from "../../scene/byte-source.ts";
import type { Decompress } from "./decompress.ts";
import { PlainContent } from "./plain-content.ts";
import { readChunks } from "./read-chunks.ts";
import { findFrame } from "./walk-zstd.ts";

/**
 * The content of a zstd file, frame by frame: a decoder ends after its first frame without an error, so each frame gets its
 * own, and exactly its bytes.
 */
export async function* decompressFrames(
  file: ByteSource,
  { unzstd }: Decompress,
): AsyncGenerator<Uint8Array, void> {
  // Block heads are three bytes; a window saves reads where blocks are short.
  const windowed = new PlainContent(file);
  for (let start = 0; start < file.sizeBytes; ) {
    const frame = await findFrame(windowed, start);
    if (!frame) {
      throw new BlendFileError({
        code: "blend_damaged",
        problem: "is cut off or damaged: a zstd frame is incomplete",
        offsetBytes: start,
      });
    }
    if (!frame.isSkippable) yield* unzstd(readChunks(file, start, frame.end));
    start = frame.end;
  }
}

import { BlendFileError } from "../../errors/index.ts";
import type { ByteSource } from "../../scene/byte-source.ts";
import type { BlendContent } from "./blend-content.ts";
import type { Decompress } from "./decompress.ts";
import { PlainContent } from "./plain-content.ts";
import { readChunks } from "./read-chunks.ts";
import { readSeekTable } from "./seek-table.ts";
import { SeekableContent } from "./seekable-content.ts";
import { StreamedContent } from "./streamed-content.ts";
import { decompressFrames } from "./zstd-frames.ts";

/** How a `.blend` is stored. Blender wrote gzip before 3.0, and zstd since then. */
export type BlendCompression = "none" | "gzip" | "zstd";

export interface OpenedContent {
  readonly compression: BlendCompression;
  readonly content: BlendContent;
}

/** The uncompressed content of a `.blend`. @throws BlendFileError if it is compressed in an unknown way, or not a `.blend` */
export async function openContent(
  file: ByteSource,
  decompress: Decompress | undefined,
): Promise<OpenedContent> {
  const compression = detectCompression(await file.read(0, Math.min(7, file.sizeBytes)));
  if (compression === "none") return { compression, content: new PlainContent(file) };
  if (!decompress) {
    throw new BlendFileError({
      code: "blend_unsupported",
      problem: `is compressed with ${compression}, which cannot be decompressed here`,
      offsetBytes: 0,
      hint: "Pass functions that decompress it, or save the scene without compression.",
    });
  }
  const table = compression === "zstd" ? await readSeekTable(file) : undefined;
  if (table) return { compression, content: new SeekableContent(file, table, decompress) };
  const open =
    compression === "zstd"
      ? () => decompressFrames(file, decompress)
      : () => decompress.gunzip(readChunks(file));
  return { compression, content: new StreamedContent(open, file.sizeBytes) };
}

function detectCompression(head: Uint8Array): BlendCompression {
  const [first, second, third, fourth] = head;
  if (String.fromCharCode(...head) === "BLENDER") return "none";
  if (first === 0x1f && second === 0x8b) return "gzip";
  if (first === 0x28 && second === 0xb5 && third === 0x2f && fourth === 0xfd) return "zstd";
  const isSkippableFrame =
    first !== undefined && first >> 4 === 5 && second === 0x2a && third === 0x4d && fourth === 0x18;
  if (isSkippableFrame) return "zstd";
  throw new BlendFileError({
    code: "blend_damaged",
    problem: "is not a Blender scene: it starts with other bytes",
    offsetBytes: 0,
  });
}

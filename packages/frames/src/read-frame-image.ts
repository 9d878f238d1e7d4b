import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { decode as decodeJpeg } from "jpeg-js";
import { PNG } from "pngjs";

// Enough for a 16K frame; jpeg-js refuses larger ones instead of running out of memory.
const JPEG_MEMORY_MIB = 2048;

/** Pixels as RGBA, 8 bits each, row by row. */
export interface FrameImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Why a frame is not shown, short enough to write on a tile: `EXR, not shown`. */
export class FrameNotShownError extends Error {}

/**
 * Reads a PNG or JPEG frame.
 *
 * @throws FrameNotShownError for other formats and damaged files; the file system's own error for a missing file.
 */
export async function readFrameImage(path: string): Promise<FrameImage> {
  const bytes = await readFile(path);
  const format = formatOf(path, bytes);
  try {
    if (format === "PNG") return PNG.sync.read(bytes);
    if (format === "JPEG") return decodeJpeg(bytes, { useTArray: true, maxMemoryUsageInMB: JPEG_MEMORY_MIB });
  } catch (error) {
    throw new FrameNotShownError(`${format}, damaged`, { cause: error });
  }
  throw new FrameNotShownError(`${format}, not shown`);
}

/** By content, then by name: a renamed file is still what it is. */
function formatOf(path: string, bytes: Uint8Array): string {
  if (bytes[0] === 0x89 && bytes[1] === 0x50) return "PNG";
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return "JPEG";
  const extension = extname(path).slice(1).toUpperCase();
  return extension === "JPG" ? "JPEG" : extension || "unknown format";
}

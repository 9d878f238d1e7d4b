import type { BlendFile } from "../file/blend-file.ts";
import type { FileBlock } from "../file/file-block.ts";
import { readBlock } from "../file/walk-blocks.ts";
import { LIMITS } from "../limits.ts";
import type { Thumbnail } from "./scene-facts.ts";

const SIZE_BYTES = 8;

/** The picture in a `TEST` block: two sizes, then RGBA from the bottom row up. */
export async function readThumbnail(
  { content, header }: BlendFile,
  block: FileBlock,
): Promise<Thumbnail | undefined> {
  if (block.lengthBytes < SIZE_BYTES) return undefined;
  const size = await readBlock(content, block, SIZE_BYTES);
  const view = new DataView(size.buffer);
  const width = view.getInt32(0, header.isLittleEndian);
  const height = view.getInt32(4, header.isLittleEndian);
  const pixelCount = width * height;
  const isPicture = width > 0 && height > 0 && pixelCount <= LIMITS.thumbnailPixels;
  if (!isPicture || block.lengthBytes < SIZE_BYTES + pixelCount * 4) return undefined;
  const stored = (await readBlock(content, block, SIZE_BYTES + pixelCount * 4)).subarray(SIZE_BYTES);
  const pixels = new Uint8Array(stored.length);
  for (let row = 0; row < height; row++) {
    const bottomUp = stored.subarray((height - 1 - row) * width * 4, (height - row) * width * 4);
    pixels.set(bottomUp, row * width * 4);
  }
  return { width, height, pixels };
}

import { dirname } from "node:path";
import { followLink, makeFolder, replaceFile } from "@renderjuice/core/adapter/node";
import { PNG } from "pngjs";

/** Pixels in memory. */
export interface PixelImage {
  readonly width: number;
  readonly height: number;
  /** RGBA, 8 bits each, starting at the top left. */
  readonly pixels: Uint8Array;
}

/**
 * Writes pixels as a PNG. Its folder is created; an existing file is replaced.
 *
 * @throws FileSystemError if it cannot be written
 * @example
 * await writeImage({ width: 1, height: 1, pixels: Uint8Array.of(255, 128, 0, 255) }, "orange.png");
 */
export async function writeImage({ width, height, pixels }: PixelImage, outFile: string): Promise<void> {
  const image = new PNG({ width, height });
  image.data.set(pixels);
  const target = await followLink(outFile);
  await makeFolder(dirname(target));
  await replaceFile(target, PNG.sync.write(image));
}

import { BrokenFile, type ByteReader } from "./byte-reader.ts";
import { readBoxes } from "./iso-media.ts";

const START = 0xff4f;
const TILE_PART = 0xff90;
const END = 0xffd9;

/** Checks the codestream inside the boxes, or by itself. */
export async function checkJpeg2000(file: ByteReader): Promise<boolean> {
  if ((await file.view(0, 2)).getUint16(0) === START) return checkCodestream(file, 0, file.sizeBytes);
  for await (const { type, dataOffset, end } of readBoxes(file)) {
    if (type === "jp2c") return checkCodestream(file, dataOffset, end ?? file.sizeBytes);
  }
  throw new BrokenFile("has no pixels");
}

/** Walks from marker to marker, skipping the tile parts, which say how long they are. */
async function checkCodestream(file: ByteReader, start: number, end: number): Promise<boolean> {
  let offset = start + 2;
  for (;;) {
    if (offset + 2 > end) throw new BrokenFile("is cut off");
    const marker = (await file.view(offset, 2)).getUint16(0);
    if (marker === END) break;
    if (marker < 0xff00) throw new BrokenFile("is damaged: a part has the wrong length");
    offset +=
      marker === TILE_PART
        ? await readTileBytes(file, offset, end)
        : 2 + (await file.view(offset + 2, 2)).getUint16(0);
  }
  return true;
}

async function readTileBytes(file: ByteReader, offset: number, end: number): Promise<number> {
  const tileBytes = (await file.view(offset + 6, 4)).getUint32(0);
  // The last tile part may extend to the end mark.
  if (tileBytes === 0) return end - 2 - offset;
  if (tileBytes < 12) throw new BrokenFile("is damaged: a part has the wrong length");
  return tileBytes;
}

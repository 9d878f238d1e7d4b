import { BrokenFile, type ByteReader } from "./byte-reader.ts";

const END = 0xd9;
const START_OF_SCAN = 0xda;
/** SOF0 to SOF15, except three that mean something else. */
const isFrameHeader = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
/** Markers without a length: TEM and the restarts. */
const isBare = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);

/** Walks from marker to marker, through the compressed pixels, to the end mark. */
export async function checkJpeg(file: ByteReader): Promise<boolean> {
  let offset = 2;
  let hasFrame = false;
  let hasScan = false;
  for (;;) {
    const view = await file.view(offset, 2);
    if (view.getUint8(0) !== 0xff) throw new BrokenFile("is damaged: a part has the wrong length");
    const marker = view.getUint8(1);
    // Any number of fill bytes may precede a marker.
    if (marker === 0xff) offset += 1;
    else if (isBare(marker)) offset += 2;
    else if (marker === END) break;
    else {
      hasFrame ||= isFrameHeader(marker);
      offset += 2 + (await readLength(file, offset + 2));
      if (marker !== START_OF_SCAN) continue;
      hasScan = true;
      offset = await findMarker(file, offset);
    }
  }
  if (!hasFrame || !hasScan) throw new BrokenFile("has no pixels");
  if (offset + 2 !== file.sizeBytes) throw new BrokenFile("continues after its end");
  return true;
}

async function readLength(file: ByteReader, offset: number): Promise<number> {
  const lengthBytes = (await file.view(offset, 2)).getUint16(0);
  if (lengthBytes < 2) throw new BrokenFile("is damaged: a part has the wrong length");
  return lengthBytes;
}

/** In compressed pixels, `FF` is followed by `00` or a restart. Anything else ends them. */
async function findMarker(file: ByteReader, start: number): Promise<number> {
  let offset = start;
  let isAfterFf = false;
  for await (const piece of file.pieces(start, file.sizeBytes)) {
    let index: number = isAfterFf ? 0 : piece.indexOf(0xff) + 1;
    while (index > 0 || isAfterFf) {
      const next: number | undefined = piece[index];
      isAfterFf = next === undefined;
      if (next === undefined) break;
      if (next !== 0 && next !== 0xff && !isBare(next)) return offset + index - 1;
      index = piece.indexOf(0xff, next === 0xff ? index : index + 1) + 1;
    }
    offset += piece.byteLength;
  }
  throw new BrokenFile("is cut off");
}

import { BrokenFile, type ByteReader } from "./byte-reader.ts";

const HEADER_BYTES = 12;
const PIXELS = ["VP8 ", "VP8L", "ANMF"];

/** Checks the RIFF chunk, which has the length of the file, and the chunks inside it. */
export async function checkWebp(file: ByteReader): Promise<boolean> {
  const header = await file.view(0, HEADER_BYTES);
  const end = 8 + header.getUint32(4, true);
  file.requireUntil(end);
  if ((await file.text(8, 4)) !== "WEBP") throw new BrokenFile("is not a WebP file");
  let hasPixels = false;
  let offset = HEADER_BYTES;
  while (offset < end) {
    hasPixels ||= PIXELS.includes(await file.text(offset, 4));
    const lengthBytes = (await file.view(offset + 4, 4)).getUint32(0, true);
    // Chunks start at even offsets.
    offset += 8 + lengthBytes + (lengthBytes % 2);
  }
  if (!hasPixels) throw new BrokenFile("has no pixels");
  if (offset !== end) throw new BrokenFile("is damaged: a part has the wrong length");
  return end === file.sizeBytes;
}

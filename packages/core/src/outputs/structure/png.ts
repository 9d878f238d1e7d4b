import { BrokenFile, type ByteReader } from "./byte-reader.ts";
import type { Checks } from "./checks.ts";

const SIGNATURE_BYTES = 8;
/** Length and type before a chunk's data, CRC after it. */
const AROUND_BYTES = 12;

/** Every chunk has a checksum, and the file ends with the last chunk. */
export async function checkPng(file: ByteReader, { crc32 }: Checks): Promise<boolean> {
  let offset = SIGNATURE_BYTES;
  let hasData = false;
  for (let isFirst = true; ; isFirst = false) {
    const lengthBytes = (await file.view(offset, 8)).getUint32(0);
    const type = await file.text(offset + 4, 4);
    if (isFirst !== (type === "IHDR")) throw new BrokenFile("has its parts in the wrong order");
    hasData ||= type === "IDAT";
    const end = offset + AROUND_BYTES + lengthBytes;
    file.requireUntil(end);
    await checkChunk(file, offset + 4, end - 4, crc32);
    offset = end;
    if (type === "IEND") break;
  }
  if (!hasData) throw new BrokenFile("has no pixels");
  if (offset !== file.sizeBytes) throw new BrokenFile("continues after its end");
  return true;
}

async function checkChunk(
  file: ByteReader,
  start: number,
  end: number,
  crc32: Checks["crc32"],
): Promise<void> {
  let crc = 0;
  for await (const piece of file.pieces(start, end)) crc = crc32(piece, crc);
  if (crc !== (await file.view(end, 4)).getUint32(0)) throw new BrokenFile("is damaged: a checksum is wrong");
}

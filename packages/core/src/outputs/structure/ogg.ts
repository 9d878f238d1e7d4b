import { BrokenFile, type ByteReader } from "./byte-reader.ts";

const HEADER_BYTES = 27;
const IS_LAST = 4;

/** Walks from page to page. The last page of each stream is marked. */
export async function checkOgg(file: ByteReader): Promise<boolean> {
  const open = new Set<number>();
  for (let offset = 0; offset < file.sizeBytes; ) {
    const header = await file.view(offset, HEADER_BYTES);
    const [flags, stream, segments] = [header.getUint8(5), header.getUint32(14, true), header.getUint8(26)];
    if (header.getUint32(0) !== 0x4f676753) throw new BrokenFile("is damaged: a part has the wrong length");
    if (flags & IS_LAST) open.delete(stream);
    else open.add(stream);
    const lengths = await file.bytes(offset + HEADER_BYTES, segments);
    offset += HEADER_BYTES + segments + lengths.reduce((sum, length) => sum + length, 0);
    file.requireUntil(offset);
  }
  if (open.size > 0) throw new BrokenFile("is cut off");
  return true;
}

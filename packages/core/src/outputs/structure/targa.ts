import { BrokenFile, type ByteReader } from "./byte-reader.ts";
import { PackedBytes } from "./packed-bytes.ts";

const HEADER_BYTES = 18;
const IS_PACKED = 8;

/** Targa has no start or end mark, so the pixels are counted. */
export async function checkTarga(file: ByteReader): Promise<boolean> {
  const header = await file.view(0, HEADER_BYTES);
  const [idBytes, mapType, type] = [0, 1, 2].map((at) => header.getUint8(at)) as [number, number, number];
  const pixels = header.getUint16(12, true) * header.getUint16(14, true);
  const pixelBytes = Math.ceil(header.getUint8(16) / 8);
  if (mapType > 1 || ![1, 2, 3, 9, 10, 11].includes(type) || pixelBytes < 1 || pixelBytes > 4) {
    throw new BrokenFile("is not a Targa file");
  }
  if (pixels === 0) throw new BrokenFile("has no pixels");
  const mapBytes = mapType * header.getUint16(5, true) * Math.ceil(header.getUint8(7) / 8);
  const start = HEADER_BYTES + idBytes + mapBytes;
  if (type & IS_PACKED) await countPacked(new PackedBytes(file, start), pixels, pixelBytes);
  else file.requireUntil(start + pixels * pixelBytes);
  return true;
}

async function countPacked(bytes: PackedBytes, pixels: number, pixelBytes: number): Promise<void> {
  for (let count = 0; count < pixels; ) {
    const packet = await bytes.next();
    const length = (packet & 0x7f) + 1;
    await bytes.skip(packet & 0x80 ? pixelBytes : pixelBytes * length);
    count += length;
  }
}

/** Continues a CRC-32 (of PNG, zip and gzip) with more bytes. Same shape as `crc32` of `node:zlib`. */
export type Crc32 = (bytes: Uint8Array, before?: number) => number;

/** Eight tables process eight bytes per step: four times as fast as byte by byte. */
const TABLES = createTables();

export function crc32(bytes: Uint8Array, before = 0): number {
  let crc = ~before;
  let index = 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (; index + 8 <= bytes.length; index += 8) {
    const low = view.getUint32(index, true) ^ crc;
    const high = view.getUint32(index + 4, true);
    crc =
      entry(7, low) ^
      entry(6, low >>> 8) ^
      entry(5, low >>> 16) ^
      entry(4, low >>> 24) ^
      entry(3, high) ^
      entry(2, high >>> 8) ^
      entry(1, high >>> 16) ^
      entry(0, high >>> 24);
  }
  for (; index < bytes.length; index++) crc = entry(0, crc ^ view.getUint8(index)) ^ (crc >>> 8);
  return ~crc >>> 0;
}

function entry(table: number, byte: number): number {
  return TABLES[table * 256 + (byte & 0xff)] as number;
}

function createTables(): Uint32Array {
  const tables = new Uint32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
    tables[byte] = crc;
  }
  for (let index = 256; index < tables.length; index++) {
    const before = tables[index - 256] as number;
    tables[index] = (tables[before & 0xff] as number) ^ (before >>> 8);
  }
  return tables;
}

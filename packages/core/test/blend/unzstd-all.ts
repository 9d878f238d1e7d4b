import { zstdDecompressSync } from "node:zlib";

/** The content of a zstd file with a seek table, by that table: Node's own decoder ends after the first frame. */
export function unzstdAll(file: Buffer): Buffer {
  const count = file.readUInt32LE(file.length - 9);
  const tableStart = file.length - 9 - count * 8;
  const contents: Buffer[] = [];
  for (let index = 0, start = 0; index < count; index++) {
    const end = start + file.readUInt32LE(tableStart + index * 8);
    contents.push(zstdDecompressSync(file.subarray(start, end)));
    start = end;
  }
  return Buffer.concat(contents);
}

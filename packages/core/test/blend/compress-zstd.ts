import { zstdCompressSync } from "node:zlib";

/** Many independent frames, as Blender writes them. */
export function zstdFrames(content: Buffer, frameBytes: number): Buffer[] {
  const frames: Buffer[] = [];
  for (let start = 0; start < content.length; start += frameBytes) {
    frames.push(zstdCompressSync(content.subarray(start, start + frameBytes)));
  }
  return frames;
}

/** The skippable frame with a seek table that Blender appends. */
export function seekTable(frames: readonly Buffer[], contentBytes: number, frameBytes: number): Buffer {
  const numbers = frames.flatMap(({ length }, index) => [
    length,
    Math.min(frameBytes, contentBytes - index * frameBytes),
  ]);
  const table = Buffer.alloc(8 + numbers.length * 4 + 9);
  table.writeUInt32LE(0x184d2a5e, 0);
  table.writeUInt32LE(table.length - 8, 4);
  for (const [index, number] of numbers.entries()) table.writeUInt32LE(number, 8 + index * 4);
  table.writeUInt32LE(frames.length, table.length - 9);
  table.writeUInt32LE(0x8f92eab1, table.length - 4);
  return table;
}

/** Compressed like Blender does, in frames of a given size. */
export function compressZstd(content: Buffer, frameBytes: number): Buffer {
  const frames = zstdFrames(content, frameBytes);
  return Buffer.concat([...frames, seekTable(frames, content.length, frameBytes)]);
}

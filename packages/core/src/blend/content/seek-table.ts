import type { ByteSource } from "../../scene/byte-source.ts";
import { LIMITS } from "../limits.ts";

const TABLE_MAGIC = 0x184d2a5e;
const FOOTER_MAGIC = 0x8f92eab1;
const FOOTER_BYTES = 9;
const TABLE_HEADER_BYTES = 8;
const HAS_CHECKSUMS = 0x80;
/** Kept for later versions of the format. */
const RESERVED_FLAGS = 0x60;

/** Where each frame of a zstd file starts: in the file, and in the uncompressed content. One entry more than frames. */
export interface SeekTable {
  readonly frameStarts: Float64Array;
  readonly contentStarts: Float64Array;
}

/**
 * The table of frames that Blender appends to a zstd file (the "seekable format" of the zstd project). Undefined where there
 * is none, or one that does not describe this file: then the content has to be read from its start.
 */
export async function readSeekTable(file: ByteSource): Promise<SeekTable | undefined> {
  if (file.sizeBytes < FOOTER_BYTES + TABLE_HEADER_BYTES) return undefined;
  const footer = viewOf(await file.read(file.sizeBytes - FOOTER_BYTES, FOOTER_BYTES));
  const [count, flags] = [footer.getUint32(0, true), footer.getUint8(4)];
  if (footer.getUint32(5, true) !== FOOTER_MAGIC || (flags & RESERVED_FLAGS) !== 0) return undefined;
  const entryBytes = flags & HAS_CHECKSUMS ? 12 : 8;
  const bodyBytes = count * entryBytes + FOOTER_BYTES;
  const start = file.sizeBytes - bodyBytes - TABLE_HEADER_BYTES;
  if (start < 0 || count > LIMITS.frames) return undefined;
  const table = viewOf(await file.read(start, TABLE_HEADER_BYTES + count * entryBytes));
  const isTable = table.getUint32(0, true) === TABLE_MAGIC && table.getUint32(4, true) === bodyBytes;
  return isTable ? sumUp(table, count, entryBytes, start) : undefined;
}

function sumUp(table: DataView, count: number, entryBytes: number, end: number): SeekTable | undefined {
  const frameStarts = new Float64Array(count + 1);
  const contentStarts = new Float64Array(count + 1);
  for (let index = 0, at = TABLE_HEADER_BYTES; index < count; index++, at += entryBytes) {
    const [packedBytes, bytes] = [table.getUint32(at, true), table.getUint32(at + 4, true)];
    if (bytes > LIMITS.frameBytes || packedBytes > LIMITS.frameBytes) return undefined;
    frameStarts[index + 1] = (frameStarts[index] ?? 0) + packedBytes;
    contentStarts[index + 1] = (contentStarts[index] ?? 0) + bytes;
  }
  return frameStarts[count] === end ? { frameStarts, contentStarts } : undefined;
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

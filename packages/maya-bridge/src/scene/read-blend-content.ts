import { type FileHandle, open } from "node:fs/promises";
import { promisify } from "node:util";
import { createGunzip, zstdDecompress } from "node:zlib";

const GZIP_MAGIC = 0x1f8b;
const ZSTD_MAGIC = 0xfd2fb528;
const SEEK_TABLE_MAGIC = 0x8f92eab1;
const SEEK_TABLE_END_BYTES = 9;
/** In files written by Blender, frames have 2 MB. */
const MAX_FRAME_BYTES = 64 * 1024 ** 2;
const unpackZstd = promisify(zstdDecompress);

/**
 * The unpacked contents of a `.blend`, in chunks.
 *
 * @throws Error if the file is not a `.blend`, or is damaged
 */
export async function* readBlendContent(path: string): AsyncGenerator<Buffer> {
  await using file = await open(path);
  let isFirst = true;
  for await (const chunk of await chunksOf(file)) {
    if (isFirst && !chunk.toString("latin1", 0, 7).startsWith("BLENDER"))
      throw new Error(`${path} is not a .blend file.`);
    isFirst = false;
    yield chunk;
  }
}

async function chunksOf(file: FileHandle): Promise<AsyncIterable<Buffer>> {
  const head = await readAt(file, 0, 4);
  if (head.readUInt32LE(0) === ZSTD_MAGIC) return zstdFrames(file);
  const content = file.createReadStream({ start: 0, autoClose: false });
  return head.readUInt16BE(0) === GZIP_MAGIC ? content.pipe(createGunzip()) : content;
}

/** Frame by frame, as listed in the table at the end, since Node unpacks only the first one. */
async function* zstdFrames(file: FileHandle): AsyncGenerator<Buffer> {
  let position = 0;
  for (const sizeBytes of await readSeekTable(file)) {
    if (sizeBytes > MAX_FRAME_BYTES) throw new Error("A frame of the .blend is too large.");
    yield await unpackZstd(await readAt(file, position, sizeBytes));
    position += sizeBytes;
  }
}

/** @returns the sizes of the frames in bytes. The format is zstd's "seekable", which Blender uses since 3.0. */
async function readSeekTable(file: FileHandle): Promise<number[]> {
  const { size } = await file.stat();
  const end = await readAt(file, size - SEEK_TABLE_END_BYTES, SEEK_TABLE_END_BYTES);
  if (end.readUInt32LE(5) !== SEEK_TABLE_MAGIC) throw new Error("The .blend is cut off.");
  const count = end.readUInt32LE(0);
  const hasChecksums = (end.readUInt8(4) & 0x80) !== 0;
  const entryBytes = hasChecksums ? 12 : 8;
  const table = await readAt(file, size - SEEK_TABLE_END_BYTES - count * entryBytes, count * entryBytes);
  return Array.from({ length: count }, (_, index) => table.readUInt32LE(index * entryBytes));
}

async function readAt(file: FileHandle, position: number, sizeBytes: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(sizeBytes), 0, sizeBytes, position);
  if (bytesRead < sizeBytes) throw new Error("The .blend is cut off.");
  return buffer;
}

import { type FileHandle, open } from "node:fs/promises";
import { checkStamp, type FileStamp, unreadable } from "./file-stamp.ts";

/** Large chunks: with Node's default of 64 KiB the loop itself halves the speed of an upload. */
const CHUNK_BYTES = 1024 * 1024;

/** Reads a file in order, one chunk ahead of its consumer. @throws UploadError `source_changed`, `source_unreadable` */
export async function* readFile(stamp: FileStamp): AsyncGenerator<Uint8Array, void> {
  await checkStamp(stamp);
  const handle = await open(stamp.path, "r").catch((cause) => {
    throw unreadable(stamp.path, cause);
  });
  let ahead: Promise<Uint8Array> | undefined;
  try {
    for (let offset = 0; offset < stamp.sizeBytes; ) {
      const chunk = await (ahead ?? readChunk(handle, stamp, offset));
      // Shorter than it was: what was sent is no scene any more.
      if (chunk.byteLength === 0) return await checkStamp(stamp);
      offset += chunk.byteLength;
      ahead = offset < stamp.sizeBytes ? readChunk(handle, stamp, offset) : undefined;
      ahead?.catch(() => undefined);
      yield chunk;
    }
  } finally {
    await ahead?.catch(() => undefined);
    await handle.close();
  }
}

async function readChunk(handle: FileHandle, stamp: FileStamp, offset: number): Promise<Uint8Array> {
  const lengthBytes = Math.min(CHUNK_BYTES, stamp.sizeBytes - offset);
  try {
    const { bytesRead, buffer } = await handle.read(
      Buffer.allocUnsafeSlow(lengthBytes),
      0,
      lengthBytes,
      offset,
    );
    return buffer.subarray(0, bytesRead);
  } catch (cause) {
    throw unreadable(stamp.path, cause);
  }
}

/** The first and the last bytes, for checks that need no more. */
export async function readEnds(path: string, sizeBytes: number, endBytes: number) {
  const handle = await open(path, "r").catch((cause) => {
    throw unreadable(path, cause);
  });
  try {
    const lengthBytes = Math.min(endBytes, sizeBytes);
    const head = Buffer.alloc(lengthBytes);
    const tail = Buffer.alloc(lengthBytes);
    await handle.read(head, 0, lengthBytes, 0);
    await handle.read(tail, 0, lengthBytes, sizeBytes - lengthBytes);
    return { head, tail };
  } finally {
    await handle.close();
  }
}

import { type FileHandle, open } from "node:fs/promises";
import { checkStamp, type FileStamp, unreadable } from "../source/file-stamp.ts";
import { runLater } from "./file-work.ts";

/** Large chunks: with Node's default of 64 KiB, the loop itself halves the upload speed. */
const CHUNK_BYTES = 2 * 1024 * 1024;

/** Two buffers that take turns, for one file or for files that are read one after the other. */
export class TwoBuffers {
  readonly sizeBytes: number;
  #free: Buffer | undefined;
  #taken: Buffer | undefined;

  constructor(sizeBytes = CHUNK_BYTES) {
    this.sizeBytes = sizeBytes;
  }

  /** @returns the one whose content is no longer needed */
  take(): Buffer {
    const buffer = this.#free ?? Buffer.allocUnsafeSlow(this.sizeBytes);
    this.#free = this.#taken;
    this.#taken = buffer;
    return buffer;
  }
}

/**
 * Reads a file in order, one chunk ahead of its consumer. Two buffers take turns, since new ones would cost a third of the
 * speed: a chunk is only valid until the next one is requested.
 *
 * @throws UploadError `source_changed`, `source_unreadable`
 */
export async function* readFile(
  stamp: FileStamp,
  buffers = new TwoBuffers(Math.min(CHUNK_BYTES, stamp.sizeBytes)),
): AsyncGenerator<Uint8Array, void> {
  await runLater(checkStamp(stamp));
  const { path, sizeBytes } = stamp;
  const handle = await open(path, "r").catch((cause) => {
    throw unreadable(path, cause);
  });
  const readAt = (offset: number) => {
    const length = Math.min(buffers.sizeBytes, sizeBytes - offset);
    return fill(handle, buffers.take().subarray(0, length), offset).catch((cause) => {
      throw unreadable(path, cause);
    });
  };
  let ahead: Promise<Uint8Array> | undefined;
  try {
    for (let offset = 0; offset < sizeBytes; ) {
      const chunk = await (ahead ?? readAt(offset));
      // The file became shorter, so what was sent is no longer the scene.
      if (chunk.byteLength === 0) return await runLater(checkStamp(stamp));
      offset += chunk.byteLength;
      ahead = offset < sizeBytes ? readAt(offset) : undefined;
      ahead?.catch(() => undefined);
      yield chunk;
    }
  } finally {
    await ahead?.catch(() => undefined);
    await handle.close();
  }
}

/** Reads until the buffer is full or the file ends: network file systems return less than requested. */
async function fill(handle: FileHandle, buffer: Buffer, offset: number): Promise<Uint8Array> {
  let filledBytes = 0;
  while (filledBytes < buffer.length) {
    const { bytesRead } = await handle.read(
      buffer,
      filledBytes,
      buffer.length - filledBytes,
      offset + filledBytes,
    );
    if (bytesRead === 0) break;
    filledBytes += bytesRead;
  }
  return buffer.subarray(0, filledBytes);
}

/** The first and the last bytes, for checks that do not need more. */
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

import type { ByteSource } from "../../scene/byte-source.ts";

const CHUNK_BYTES = 2 * 1024 * 1024;

/** The bytes between two offsets, in order. Each chunk is valid until the next one is requested. */
export async function* readChunks(
  { read, sizeBytes }: ByteSource,
  start = 0,
  end = sizeBytes,
): AsyncGenerator<Uint8Array, void> {
  for (let offset = start; offset < end; offset += CHUNK_BYTES) {
    yield read(offset, Math.min(CHUNK_BYTES, end - offset));
  }
}

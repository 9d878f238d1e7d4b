/** Larger than a socket's buffer: such a chunk is sent before the next one is requested, see ADR 7. */
const LARGE_BYTES = 128 * 1024;
const JOINED_BYTES = 256 * 1024;

/**
 * Joins small chunks: otherwise thousands of small files would become thousands of small network writes. Large chunks are
 * passed on as they are. A chunk is only valid until the next one is requested.
 */
export async function* joinChunks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const joined = Buffer.allocUnsafeSlow(JOINED_BYTES);
  let joinedBytes = 0;
  for await (const chunk of chunks) {
    const isLarge = chunk.byteLength >= LARGE_BYTES;
    if (joinedBytes > 0 && (isLarge || joinedBytes + chunk.byteLength > JOINED_BYTES)) {
      yield toSend(joined.subarray(0, joinedBytes));
      joinedBytes = 0;
    }
    if (isLarge) yield chunk;
    else {
      joined.set(chunk, joinedBytes);
      joinedBytes += chunk.byteLength;
    }
  }
  if (joinedBytes > 0) yield toSend(joined.subarray(0, joinedBytes));
}

/** A small chunk may still be waiting in the socket when the next one is requested, and its buffer filled again. */
function toSend(joined: Buffer): Buffer {
  return joined.length >= LARGE_BYTES ? joined : Buffer.from(joined);
}

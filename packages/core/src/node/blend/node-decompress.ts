import { pipeline, Readable } from "node:stream";
// As a whole: on a Node without zstd, names that it does not have would keep all of core from loading.
import * as zlib from "node:zlib";
import type { Decompress } from "../../blend/content/decompress.ts";

const CHUNK_BYTES = 256 * 1024;
/** What Node asks for. */
const MIN_CHUNK_BYTES = 64;
/** A frame may ask its decoder for a window of gigabytes; 128 MiB is what zstd itself accepts by default. */
const params = { [zlib.constants.ZSTD_d_windowLogMax]: 27 };

/** Decompresses with `node:zlib`. Memory does not grow with the content, which is read chunk by chunk. */
export const NODE_DECOMPRESS: Decompress = {
  gunzip: (chunks) => transform(chunks, zlib.createGunzip({ chunkSize: CHUNK_BYTES })),
  unzstd: (chunks) => transform(chunks, zlib.createZstdDecompress({ chunkSize: CHUNK_BYTES, params })),
  unzstdFrame: (frame, maxBytes) => {
    // In one piece: Node would put it together from pieces of 16 KiB.
    const chunkSize = Math.max(MIN_CHUNK_BYTES, maxBytes);
    return zlib.zstdDecompressSync(frame, { maxOutputLength: Math.max(1, maxBytes), chunkSize, params });
  },
};

function transform(
  chunks: AsyncIterable<Uint8Array>,
  stream: NodeJS.ReadWriteStream,
): AsyncIterable<Uint8Array> {
  const input = Readable.from(copies(chunks), { objectMode: false });
  return pipeline(input, stream, () => undefined) as unknown as AsyncIterable<Uint8Array>;
}

/** A stream reads ahead, when the chunk before is no longer valid. */
async function* copies(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of chunks) yield new Uint8Array(chunk);
}

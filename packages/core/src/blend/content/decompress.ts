/** What portable code cannot do itself. On Node, `node:zlib` does it. */
export interface Decompress {
  /** The content of a gzip file. Throws when the file is damaged or cut off. */
  readonly gunzip: (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;
  /** The content of exactly one zstd frame. Throws when it is damaged or cut off. */
  readonly unzstd: (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;
  /** The same for a frame in memory. Throws when there is more than `maxBytes`. */
  readonly unzstdFrame: (frame: Uint8Array, maxBytes: number) => Uint8Array | Promise<Uint8Array>;
}

import { type Crc32, crc32 } from "./crc32.ts";

/** Functions that a platform may do faster than portable code, or that portable code cannot do. */
export interface Checks {
  readonly crc32: Crc32;
  /** Decompresses raw deflate. Without it, compressed zip entries are not checked. */
  readonly inflateRaw?: ((chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>) | undefined;
  /** Decompresses zlib streams, whose checksum reveals a gap in the middle. Without it, pixels are not checked. */
  readonly inflate?: ((chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>) | undefined;
}

export const PORTABLE_CHECKS: Checks = { crc32 };

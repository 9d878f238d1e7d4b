import { type Crc32, crc32 } from "./crc32.ts";

/** What a machine may do faster than portable code, or that portable code cannot do. */
export interface Checks {
  readonly crc32: Crc32;
  /** Unpacks raw deflate. Without it the packed entries of a zip are not looked into. */
  readonly inflateRaw?: ((chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>) | undefined;
  /** Unpacks zlib streams, whose checksum shows a hole in the middle. Without it pixels are not looked into. */
  readonly inflate?: ((chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>) | undefined;
}

export const PORTABLE_CHECKS: Checks = { crc32 };

/**
 * The uncompressed bytes of a `.blend`. Reading forward is cheap everywhere; reading backward starts a compressed file
 * without a seek table over again.
 */
export interface BlendContent {
  /** Undefined where only decompressing all of it would tell. */
  readonly sizeBytes: number | undefined;
  /** Gives `length` bytes from `offset` on, fewer at the end of the content. Valid until the next call. */
  readonly read: (offset: number, length: number) => Promise<Uint8Array>;
  /** Ends a decompression that is under way. */
  readonly close?: () => Promise<void>;
}

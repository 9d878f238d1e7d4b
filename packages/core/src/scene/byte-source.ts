/** A file whose bytes can be read from any place: on a disk, in memory, or in a store that gives streams. */
export interface ByteSource {
  readonly sizeBytes: number;
  /** Gives `length` bytes from `offset` on, all of which are inside the file. Valid until the next call. */
  readonly read: (offset: number, length: number) => Promise<Uint8Array>;
}

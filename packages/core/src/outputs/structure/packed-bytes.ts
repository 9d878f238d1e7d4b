import { BrokenFile, type ByteReader } from "./byte-reader.ts";

/** Reads a file byte by byte, for formats whose length only follows from their compressed data. */
export class PackedBytes {
  readonly #pieces: AsyncGenerator<Uint8Array, void>;
  #piece: Uint8Array = new Uint8Array();
  #at = 0;

  constructor(file: ByteReader, start: number) {
    this.#pieces = file.pieces(start, file.sizeBytes);
  }

  async next(): Promise<number> {
    if (this.#at === this.#piece.length) await this.#refill();
    return this.#piece[this.#at++] as number;
  }

  async skip(bytes: number): Promise<void> {
    let rest = bytes;
    while (rest > this.#piece.length - this.#at) {
      rest -= this.#piece.length - this.#at;
      await this.#refill();
    }
    this.#at += rest;
  }

  async #refill(): Promise<void> {
    const { value } = await this.#pieces.next();
    if (!value) throw new BrokenFile("is cut off");
    this.#piece = value;
    this.#at = 0;
  }
}

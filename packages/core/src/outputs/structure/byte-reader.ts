import type { ByteSource } from "../../scene/byte-source.ts";

/** What is wrong with a file, in words that follow "it": `is cut off`. */
export class BrokenFile extends Error {}

/** Small reads share a window of this size. */
const WINDOW_BYTES = 64 * 1024;
const PIECE_BYTES = 1024 * 1024;

/** Reads the fields of a file. Reading beyond its end throws `BrokenFile`. */
export class ByteReader {
  readonly #source: ByteSource;
  #window: Uint8Array = new Uint8Array();
  #windowStart = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  get sizeBytes(): number {
    return this.#source.sizeBytes;
  }

  /** @throws BrokenFile if the file ends before `end` */
  requireUntil(end: number): void {
    if (!(end <= this.sizeBytes)) throw new BrokenFile("is cut off");
  }

  /** Valid until the next read. @throws BrokenFile if the file is too short */
  async bytes(offset: number, length: number): Promise<Uint8Array> {
    this.requireUntil(offset + length);
    if (length > WINDOW_BYTES) return this.#read(offset, length);
    const start = offset - this.#windowStart;
    if (start >= 0 && start + length <= this.#window.byteLength) {
      return this.#window.subarray(start, start + length);
    }
    const windowBytes = Math.min(WINDOW_BYTES, this.sizeBytes - offset);
    // A copy, since the source may reuse its buffer.
    this.#window = (await this.#read(offset, windowBytes)).slice();
    this.#windowStart = offset;
    return this.#window.subarray(0, length);
  }

  async view(offset: number, length: number): Promise<DataView> {
    const { buffer, byteOffset, byteLength } = await this.bytes(offset, length);
    return new DataView(buffer, byteOffset, byteLength);
  }

  /** Latin-1, like all names in these formats. */
  async text(offset: number, length: number): Promise<string> {
    return String.fromCharCode(...(await this.bytes(offset, length)));
  }

  /** Everything between two offsets, piece by piece, forward only. Each piece is valid until the next one. */
  async *pieces(start: number, end: number): AsyncGenerator<Uint8Array, void> {
    this.requireUntil(end);
    let offset = start;
    const windowEnd = Math.min(end, this.#windowStart + this.#window.byteLength);
    if (start >= this.#windowStart && start < windowEnd) {
      yield this.#window.subarray(start - this.#windowStart, windowEnd - this.#windowStart);
      offset = windowEnd;
    }
    for (; offset < end; offset += PIECE_BYTES) {
      yield await this.#read(offset, Math.min(PIECE_BYTES, end - offset));
    }
  }

  /** A plain array, since `slice` of Node's buffers does not copy. */
  async #read(offset: number, length: number): Promise<Uint8Array> {
    const { buffer, byteOffset } = await this.#source.read(offset, length);
    return new Uint8Array(buffer, byteOffset, length);
  }
}

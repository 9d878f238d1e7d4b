import type { ByteSource } from "../../scene/byte-source.ts";
import type { BlendContent } from "./blend-content.ts";

/** Around the head of a large block, little else is wanted. */
const MIN_WINDOW_BYTES = 4 * 1024;
/** Where small blocks follow each other, everything is. */
const MAX_WINDOW_BYTES = 256 * 1024;
/** What is shorter takes longer to leap over than to read. */
const MIN_LEAP_BYTES = 64 * 1024;

/** An uncompressed file, through a window that grows while it is read from place to place and shrinks after a leap. */
export class PlainContent implements BlendContent {
  readonly #source: ByteSource;
  #window: Uint8Array = new Uint8Array();
  #windowStart = 0;
  #windowBytes = MIN_WINDOW_BYTES;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  get sizeBytes(): number {
    return this.#source.sizeBytes;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const start = offset - this.#windowStart;
    if (start >= 0 && start + length <= this.#window.length) {
      return this.#window.subarray(start, start + length);
    }
    const isNear = start >= 0 && start <= this.#window.length + MIN_LEAP_BYTES;
    this.#windowBytes = isNear ? Math.min(this.#windowBytes * 2, MAX_WINDOW_BYTES) : MIN_WINDOW_BYTES;
    const wantedBytes = Math.max(length, this.#windowBytes);
    const availableBytes = Math.max(0, Math.min(wantedBytes, this.#source.sizeBytes - offset));
    this.#window = availableBytes > 0 ? await this.#source.read(offset, availableBytes) : new Uint8Array();
    this.#windowStart = offset;
    return this.#window.subarray(0, length);
  }
}

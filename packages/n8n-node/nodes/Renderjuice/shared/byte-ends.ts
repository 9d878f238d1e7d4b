/** The first and the last bytes of what passes by. */
export class ByteEnds {
  readonly #headBytes: number;
  readonly #tailBytes: number;
  #head = Buffer.alloc(0);
  /** Whole chunks, of which the last ones hold the tail: joined only when they are asked for. */
  #last: Uint8Array[] = [];
  #lastBytes = 0;
  sizeBytes = 0;

  constructor(headBytes: number, tailBytes: number) {
    this.#headBytes = headBytes;
    this.#tailBytes = tailBytes;
  }

  add(chunk: Uint8Array): void {
    if (this.#head.length < this.#headBytes) {
      this.#head = Buffer.concat([this.#head, chunk.subarray(0, this.#headBytes - this.#head.length)]);
    }
    this.#last.push(chunk);
    this.#lastBytes += chunk.byteLength;
    for (let first = this.#last[0]; first; first = this.#last[0]) {
      if (this.#lastBytes - first.byteLength < this.#tailBytes) break;
      this.#last.shift();
      this.#lastBytes -= first.byteLength;
    }
    this.sizeBytes += chunk.byteLength;
  }

  get head(): Uint8Array {
    return this.#head;
  }

  get tail(): Uint8Array {
    return Buffer.concat(this.#last).subarray(-this.#tailBytes);
  }
}

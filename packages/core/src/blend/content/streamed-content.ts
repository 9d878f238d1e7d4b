import { BlendFileError, RenderjuiceError } from "../../errors/index.ts";
import { LIMITS } from "../limits.ts";
import type { BlendContent } from "./blend-content.ts";

/** Content that can only be decompressed from its start. To read backward, it is opened again. */
export class StreamedContent implements BlendContent {
  readonly sizeBytes = undefined;
  readonly #open: () => AsyncIterable<Uint8Array>;
  readonly #maxBytes: number;
  #chunks: AsyncIterator<Uint8Array> | undefined;
  #chunk: Uint8Array = new Uint8Array();
  #chunkStart = 0;

  constructor(open: () => AsyncIterable<Uint8Array>, compressedBytes: number) {
    this.#open = open;
    this.#maxBytes = Math.min(
      LIMITS.contentBytes,
      Math.max(LIMITS.unsuspiciousBytes, compressedBytes * LIMITS.compressionRatio),
    );
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    if (this.#chunks === undefined || offset < this.#chunkStart) await this.#restart();
    while (offset >= this.#chunkEnd) {
      if (!(await this.#next())) return new Uint8Array();
    }
    const start = offset - this.#chunkStart;
    if (start + length <= this.#chunk.length) return this.#chunk.subarray(start, start + length);
    return this.#gather(start, length);
  }

  async close(): Promise<void> {
    await this.#chunks?.return?.();
    this.#chunks = undefined;
  }

  get #chunkEnd(): number {
    return this.#chunkStart + this.#chunk.length;
  }

  async #restart(): Promise<void> {
    await this.close();
    this.#chunks = this.#open()[Symbol.asyncIterator]();
    this.#chunk = new Uint8Array();
    this.#chunkStart = 0;
  }

  /** What lies across several chunks becomes one, so that nothing is lost for the next read. */
  async #gather(start: number, length: number): Promise<Uint8Array> {
    const parts = [this.#chunk.slice(start)];
    const gatheredStart = this.#chunkStart + start;
    let gatheredBytes = this.#chunk.length - start;
    while (gatheredBytes < length && (await this.#next())) {
      parts.push(this.#chunk.slice());
      gatheredBytes += this.#chunk.length;
    }
    this.#chunk = concat(parts, gatheredBytes);
    this.#chunkStart = gatheredStart;
    return this.#chunk.subarray(0, length);
  }

  async #decompressMore(): Promise<Uint8Array | undefined> {
    try {
      const step = await this.#chunks?.next();
      return step?.done ? undefined : step?.value;
    } catch (cause) {
      if (RenderjuiceError.isInstance(cause)) throw cause;
      throw new BlendFileError({
        code: "blend_damaged",
        problem: "is cut off or damaged: it cannot be decompressed any further",
        offsetBytes: this.#chunkEnd,
        cause,
      });
    }
  }

  async #next(): Promise<boolean> {
    const end = this.#chunkEnd;
    const value = await this.#decompressMore();
    if (value === undefined) return false;
    this.#chunkStart = end;
    this.#chunk = value;
    if (this.#chunkEnd <= this.#maxBytes) return true;
    throw new BlendFileError({
      code: "blend_damaged",
      problem: "decompresses to far more than any scene contains",
      offsetBytes: this.#chunkEnd,
    });
  }
}

function concat(parts: readonly Uint8Array[], totalBytes: number): Uint8Array {
  const whole = new Uint8Array(totalBytes);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

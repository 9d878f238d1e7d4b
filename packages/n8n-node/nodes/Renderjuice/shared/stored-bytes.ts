import type { ByteSource } from "@renderjuice/core/adapter";
import type { IBinaryData, IExecuteFunctions } from "n8n-workflow";
import type { NodeStream } from "./node-stream.ts";

/** A file that n8n keeps in memory, or in a store that returns streams. */
export function storedBytes(
  helpers: Pick<IExecuteFunctions["helpers"], "getBinaryStream">,
  { id, data }: IBinaryData,
  sizeBytes: number,
): ByteSource & AsyncDisposable {
  if (id) return new StreamedBytes(() => helpers.getBinaryStream(id), sizeBytes);
  return bytesInMemory(Buffer.from(data, "base64"));
}

export function bytesInMemory(content: Uint8Array): ByteSource & AsyncDisposable {
  return {
    sizeBytes: content.length,
    read: async (offset, length) => content.subarray(offset, offset + length),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** Streams only move forward: reading from before the last read opens a new one. */
export class StreamedBytes implements ByteSource, AsyncDisposable {
  readonly sizeBytes: number;
  readonly #open: () => Promise<NodeStream>;
  #chunks: AsyncIterator<Uint8Array> | undefined;
  /** Where the bytes start that were received but not requested yet. */
  #position = 0;
  #rest: Uint8Array = new Uint8Array();
  #last = { start: 0, bytes: new Uint8Array() as Uint8Array };

  constructor(open: () => Promise<NodeStream>, sizeBytes: number) {
    this.#open = open;
    this.sizeBytes = sizeBytes;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const { start, bytes } = this.#last;
    if (offset >= start && offset + length <= start + bytes.byteLength) {
      return bytes.subarray(offset - start, offset - start + length);
    }
    if (offset < this.#position) await this.#close();
    while (this.#position < offset) await this.#take(offset - this.#position);
    const pieces: Uint8Array[] = [];
    for (let missing = length; missing > 0; ) {
      const piece = await this.#take(missing);
      pieces.push(piece);
      missing -= piece.byteLength;
    }
    this.#last = { start: offset, bytes: Buffer.concat(pieces) };
    return this.#last.bytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }

  /** At least one byte, and no more than `most`. */
  async #take(most: number): Promise<Uint8Array> {
    this.#chunks ??= (await this.#open())[Symbol.asyncIterator]();
    while (this.#rest.byteLength === 0) {
      const { value, done } = await this.#chunks.next();
      if (done) throw new Error("n8n's store returned less of a file than was put into it.");
      this.#rest = value;
    }
    const piece = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(piece.byteLength);
    this.#position += piece.byteLength;
    return piece;
  }

  async #close(): Promise<void> {
    await this.#chunks?.return?.();
    this.#chunks = undefined;
    this.#position = 0;
    this.#rest = new Uint8Array();
  }
}

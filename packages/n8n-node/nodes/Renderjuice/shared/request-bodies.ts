import { type NodeStream, streamLike } from "./node-stream.ts";

/** Turns the chunks that core sends into a body for n8n's HTTP helper. */
export class RequestBodies {
  #sample: NodeStream | undefined;

  /** Learns from one of n8n's streams how to create others. */
  learn(sample: NodeStream): void {
    this.#sample = sample;
  }

  async create(chunks: AsyncIterable<Uint8Array>): Promise<NodeStream | Buffer> {
    const iterator = chunks[Symbol.asyncIterator]();
    // When the first chunk is requested, the source opens its file and calls `learn`.
    const first = await iterator.next();
    const all = { [Symbol.asyncIterator]: () => rejoin(first, iterator) };
    return this.#sample ? streamLike(this.#sample, all) : toBuffer(all);
  }
}

async function* rejoin(
  first: IteratorResult<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  try {
    for (let next = first; !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** If n8n keeps binary data in memory, there is only one chunk, which is not copied. */
async function toBuffer(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  const [only] = parts;
  return parts.length === 1 && only instanceof Buffer ? only : Buffer.concat(parts);
}

import { type NodeStream, streamLike } from "./node-stream.ts";

/** Turns the chunks that core sends into what n8n's HTTP helper takes. */
export class RequestBodies {
  #sample: NodeStream | undefined;

  /** Shows a stream of n8n's own, so that others can be made after it. */
  learn(sample: NodeStream): void {
    this.#sample = sample;
  }

  async create(chunks: AsyncIterable<Uint8Array>): Promise<NodeStream | Buffer> {
    const iterator = chunks[Symbol.asyncIterator]();
    // The source opens its file, and shows a stream, when the first chunk is asked for.
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

/** Where n8n keeps binary data in memory there is one chunk, which is not copied. */
async function toBuffer(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  const [only] = parts;
  return parts.length === 1 && only instanceof Buffer ? only : Buffer.concat(parts);
}

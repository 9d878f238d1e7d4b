import type { IExecuteFunctions } from "n8n-workflow";

/** A `Readable`. Verified nodes must not import its module, and need not: n8n provides streams. */
export type NodeStream = Awaited<ReturnType<IExecuteFunctions["helpers"]["getBinaryStream"]>>;

/** A stream of `chunks`, made with the class of `sample`: every stream class inherits `Readable.from`. */
export function streamLike(sample: NodeStream, chunks: AsyncIterable<Uint8Array>): NodeStream {
  return (sample.constructor as unknown as { from(chunks: AsyncIterable<Uint8Array>): NodeStream }).from(
    chunks,
  );
}

import type { IExecuteFunctions } from "n8n-workflow";

/** A `Readable`. Its module may not be imported in a verified node, and need not be: n8n hands streams out. */
export type NodeStream = Awaited<ReturnType<IExecuteFunctions["helpers"]["getBinaryStream"]>>;

/** A stream of `chunks`, of the same family as `sample`: every stream inherits `Readable.from`. */
export function streamLike(sample: NodeStream, chunks: AsyncIterable<Uint8Array>): NodeStream {
  return (sample.constructor as unknown as { from(chunks: AsyncIterable<Uint8Array>): NodeStream }).from(
    chunks,
  );
}

import { BlendFileError } from "../../errors/index.ts";
import type { ByteSource } from "../../scene/byte-source.ts";
import type { BlendContent } from "./blend-content.ts";
import type { Decompress } from "./decompress.ts";
import type { SeekTable } from "./seek-table.ts";

/** Frames that stay decompressed. */
const CACHED_FRAMES = 4;

/** A zstd file with a seek table: only the frames that are read are decompressed. */
export class SeekableContent implements BlendContent {
  readonly #file: ByteSource;
  readonly #table: SeekTable;
  readonly #unzstdFrame: Decompress["unzstdFrame"];
  /** The least recently used one comes first. */
  readonly #cache = new Map<number, Uint8Array>();

  constructor(file: ByteSource, table: SeekTable, { unzstdFrame }: Decompress) {
    this.#file = file;
    this.#table = table;
    this.#unzstdFrame = unzstdFrame;
  }

  get sizeBytes(): number {
    return this.#table.contentStarts.at(-1) ?? 0;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const { contentStarts } = this.#table;
    const end = Math.min(offset + length, this.sizeBytes);
    if (offset >= end) return new Uint8Array();
    let index = findFrame(contentStarts, offset);
    const first = await this.#frame(index);
    const start = offset - startOf(contentStarts, index);
    if (start + (end - offset) <= first.length) return first.subarray(start, start + (end - offset));
    const whole = new Uint8Array(end - offset);
    whole.set(first.subarray(start));
    while (startOf(contentStarts, ++index) < end) {
      const frame = await this.#frame(index);
      const at = startOf(contentStarts, index) - offset;
      whole.set(frame.subarray(0, whole.length - at), at);
    }
    return whole;
  }

  async #frame(index: number): Promise<Uint8Array> {
    const cached = this.#cache.get(index);
    const frame = cached ?? (await this.#decompress(index));
    this.#cache.delete(index);
    this.#cache.set(index, frame);
    const [oldest] = this.#cache.keys();
    if (this.#cache.size > CACHED_FRAMES && oldest !== undefined) this.#cache.delete(oldest);
    return frame;
  }

  async #decompress(index: number): Promise<Uint8Array> {
    const { frameStarts, contentStarts } = this.#table;
    const [start, end] = [startOf(frameStarts, index), startOf(frameStarts, index + 1)];
    const expectedBytes = startOf(contentStarts, index + 1) - startOf(contentStarts, index);
    const packed = await this.#file.read(start, end - start);
    const damaged = (cause?: unknown) =>
      new BlendFileError({
        code: "blend_damaged",
        problem: "has a zstd frame that cannot be decompressed",
        offsetBytes: start,
        cause,
      });
    try {
      const frame = await this.#unzstdFrame(packed, expectedBytes);
      if (frame.length === expectedBytes) return frame;
    } catch (cause) {
      throw damaged(cause);
    }
    throw damaged();
  }
}

/** The last frame that starts at or before an offset. Empty frames before it are passed over. */
function findFrame(starts: Float64Array, offset: number): number {
  let [low, high] = [0, starts.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (startOf(starts, middle) <= offset) low = middle;
    else high = middle;
  }
  return low;
}

function startOf(starts: Float64Array, index: number): number {
  return starts[index] ?? Number.POSITIVE_INFINITY;
}

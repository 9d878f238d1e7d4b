import type { ByteSource } from "../../scene/byte-source.ts";

const FRAME = 0xfd2fb528;
const SKIPPABLE_FRAME = 0x184d2a50;
const DICTIONARY_BYTES = [0, 1, 2, 4];
const CONTENT_SIZE_BYTES = [0, 2, 4, 8];
const CHECKSUM_BYTES = 4;
const RUN_LENGTH = 1;
const RESERVED = 3;

/** The next bytes to read: `take` of them, after skipping `skip`. */
export interface Step {
  readonly skip: number;
  readonly take: number;
}

/** The bytes read: fewer than requested at the end of the file, undefined if it ends within the skipped part. */
export type Found = Uint8Array | undefined;

/**
 * Walks through zstd data from frame to frame and block to block (RFC 8878) by their lengths, without decompressing. The
 * caller reads the bytes that each step asks for.
 *
 * @returns whether the last frame is complete
 */
export function* walkZstd(): Generator<Step, boolean, Found> {
  for (let skip: number | undefined = 0; skip !== undefined; ) {
    const magic: Found = yield { skip, take: 4 };
    if (magic?.length === 0) return true;
    skip = magic?.length === 4 ? yield* walkFrame(readLittle(magic)) : undefined;
  }
  return false;
}

/** Whether a file that is compressed with zstd is there to its end. */
export async function isZstdWhole(file: ByteSource): Promise<boolean> {
  return (await follow(walkZstd(), file, 0)).result;
}

export interface ZstdFrame {
  readonly end: number;
  /** Holds no content, such as a seek table. */
  readonly isSkippable: boolean;
}

/** Where the frame that starts at an offset ends. Undefined if it is not a frame, or an incomplete one. */
export async function findFrame(file: ByteSource, start: number): Promise<ZstdFrame | undefined> {
  let isSkippable = false;
  function* walk(): Generator<Step, number | undefined, Found> {
    const magic = yield { skip: 0, take: 4 };
    if (magic?.length !== 4) return undefined;
    isSkippable = readLittle(magic) !== FRAME;
    return yield* walkFrame(readLittle(magic));
  }
  const { result: skip, offset } = await follow(walk(), file, start);
  const end = offset + (skip ?? Number.POSITIVE_INFINITY);
  return end <= file.sizeBytes ? { end, isSkippable } : undefined;
}

async function follow<Result>(walk: Generator<Step, Result, Found>, file: ByteSource, start: number) {
  let offset = start;
  let step = walk.next();
  while (!step.done) {
    offset += step.value.skip;
    const length = Math.min(step.value.take, file.sizeBytes - offset);
    step = walk.next(length < 0 ? undefined : await file.read(offset, length));
    offset += length;
  }
  return { result: step.value, offset };
}

/** @returns how many bytes remain in the frame; undefined if it is incomplete */
function* walkFrame(magic: number): Generator<Step, number | undefined, Found> {
  if (magic === FRAME) return yield* walkBlocks();
  if ((magic & ~0xf) >>> 0 !== SKIPPABLE_FRAME) return undefined;
  const size = yield { skip: 0, take: 4 };
  return size?.length === 4 ? readLittle(size) : undefined;
}

function* walkBlocks(): Generator<Step, number | undefined, Found> {
  const [descriptor] = (yield { skip: 0, take: 1 }) ?? [];
  if (descriptor === undefined) return undefined;
  let skip = countHeaderBytes(descriptor);
  for (;;) {
    const header = yield { skip, take: 3 };
    if (header?.length !== 3) return undefined;
    const bits = readLittle(header);
    const [isLast, type, sizeBytes] = [(bits & 1) === 1, (bits >> 1) & 3, bits >> 3];
    // Zeros, which some copy programs write before the content, would read as endless empty blocks.
    if (type === RESERVED || (sizeBytes === 0 && !isLast)) return undefined;
    skip = type === RUN_LENGTH ? 1 : sizeBytes;
    if (isLast) return skip + (descriptor & 4 ? CHECKSUM_BYTES : 0);
  }
}

/** The bytes between the descriptor and the first block. */
function countHeaderBytes(descriptor: number): number {
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const sizeBytes = CONTENT_SIZE_BYTES[descriptor >> 6] || (isSingleSegment ? 1 : 0);
  return (isSingleSegment ? 0 : 1) + (DICTIONARY_BYTES[descriptor & 3] ?? 0) + sizeBytes;
}

function readLittle(bytes: Uint8Array): number {
  return bytes.reduceRight((number, byte) => number * 256 + byte, 0);
}

import { createReadStream } from "node:fs";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { isZstdWhole, type Step, walkZstd } from "../../blend/content/walk-zstd.ts";
import { detectFormat } from "../../scene/preflight/file-format.ts";
import { type FileFacts, hasSeekTable } from "../../scene/preflight/file-rules.ts";
import { withFile } from "../files/with-file.ts";
import { type FileStamp, unreadable } from "./file-stamp.ts";

/** Decompressing more would take too long for a check. */
const MAX_PACKED_BYTES = 512 * 1024 ** 2;
const MAX_UNPACKED_BYTES = 4 * 1024 ** 3;
const UNPACK_BYTES = 1024 * 1024;

type Packing = NonNullable<FileFacts["packing"]>;
interface Ends {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}
type Walk = ReturnType<typeof walkZstd>;

/** Whether a compressed scene on disk is complete. @throws UploadError `source_unreadable` */
export async function findPacking({ path, sizeBytes }: FileStamp, ends: Ends): Promise<Packing | undefined> {
  try {
    if (needsWalk(ends)) return packingOf(await withFile(path, isZstdWhole));
    const isTested = isGzip(ends) && sizeBytes <= MAX_PACKED_BYTES;
    return isTested ? await gunzip(createReadStream(path, { highWaterMark: UNPACK_BYTES })) : undefined;
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** The same for a stream. */
export async function findStreamPacking(
  ends: Ends,
  open: () => Promise<AsyncIterable<Uint8Array>>,
): Promise<Packing | undefined> {
  if (needsWalk(ends)) return packingOf(await walkStream(await open(), walkZstd()));
  return isGzip(ends) ? gunzip(await open()) : undefined;
}

/** Blender ends zstd files with a table of frames. */
function needsWalk({ head, tail }: Ends): boolean {
  return detectFormat(head) === "zstd" && !hasSeekTable(tail);
}

function isGzip({ head }: Ends): boolean {
  return detectFormat(head) === "gzip";
}

function packingOf(isWhole: boolean): Packing {
  return isWhole ? "whole" : "cut off";
}

async function walkStream(chunks: AsyncIterable<Uint8Array>, walk: Walk): Promise<boolean> {
  const iterator = chunks[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array();
  const isEnded = async () => {
    const { done, value } = await iterator.next();
    if (!done) rest = Buffer.concat([rest, value]);
    return done === true;
  };
  const answer = async ({ skip, take }: Step) => {
    let leftBytes = skip;
    while (leftBytes > rest.length) {
      leftBytes -= rest.length;
      rest = new Uint8Array();
      if (await isEnded()) return undefined;
    }
    rest = rest.subarray(leftBytes);
    while (rest.length < take && !(await isEnded()));
    const found = rest.subarray(0, take);
    rest = rest.subarray(take);
    return found;
  };
  let step = walk.next();
  while (!step.done) step = walk.next(await answer(step.value));
  await iterator.return?.();
  return step.value;
}

async function gunzip(chunks: AsyncIterable<Uint8Array>): Promise<Packing | undefined> {
  const unpacked = pipeline(
    Readable.from(chunks),
    createGunzip({ chunkSize: UNPACK_BYTES }),
    () => undefined,
  );
  let unpackedBytes = 0;
  try {
    for await (const chunk of unpacked) {
      unpackedBytes += chunk.length;
      if (unpackedBytes > MAX_UNPACKED_BYTES) return undefined;
    }
    return "whole";
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!code?.startsWith("Z_")) throw error;
    return code === "Z_BUF_ERROR" ? "cut off" : "damaged";
  }
}

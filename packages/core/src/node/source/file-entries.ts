import type { FileLane } from "../files/file-lane.ts";
import { type FileWork, readInto } from "../files/file-work.ts";
import { readFile, TwoBuffers } from "../files/read-file.ts";
import type { ZipEntry } from "../zip/zip-stream.ts";
import { checkStamp, type FileStamp, unreadable } from "./file-stamp.ts";
import type { StampedFile } from "./stamp-files.ts";

const SMALL_BYTES = 128 * 1024;
const BATCH_BYTES = 1024 * 1024;
const BATCH_FILES = 256;

interface SmallFile {
  readonly stamp: FileStamp;
  readonly content: Uint8Array;
}

/** Entries for files, each to be opened once and in this order. Small files are read in batches, ahead of their turn. */
export function fileEntries(files: readonly StampedFile[], lane: FileLane): ZipEntry[] {
  const isSmall = ({ sizeBytes }: FileStamp) => sizeBytes <= SMALL_BYTES;
  const small = readSmall(files.map(({ stamp }) => stamp).filter(isSmall), lane);
  const buffers = new TwoBuffers();
  return files.map(({ name, stamp }) => ({
    name,
    sizeBytes: stamp.sizeBytes,
    open: () => (isSmall(stamp) ? take(small, stamp) : readFile(stamp, buffers)),
  }));
}

/** Passes over files before it, which somebody else has packed. */
async function* take(small: AsyncGenerator<SmallFile, void>, stamp: FileStamp) {
  for (let next = await small.next(); next.value; next = await small.next()) {
    if (next.value.stamp !== stamp) continue;
    if (stamp.sizeBytes > 0) yield next.value.content;
    return;
  }
}

async function* readSmall(stamps: readonly FileStamp[], lane: FileLane): AsyncGenerator<SmallFile, void> {
  const batches = batchesOf(stamps);
  const buffers = new TwoBuffers(BATCH_BYTES);
  const read = (index: number) => readBatch(batches[index] ?? [], buffers.take(), lane);
  let ahead = read(0);
  for (const [index] of batches.entries()) {
    const files = await ahead;
    ahead = read(index + 1);
    ahead.catch(() => undefined);
    yield* files;
  }
}

function batchesOf(stamps: readonly FileStamp[]): FileStamp[][] {
  const batches: FileStamp[][] = [];
  let leftBytes = 0;
  for (const stamp of stamps) {
    const last = batches.at(-1);
    leftBytes -= stamp.sizeBytes;
    if (last && last.length < BATCH_FILES && leftBytes >= 0) last.push(stamp);
    else {
      batches.push([stamp]);
      leftBytes = BATCH_BYTES - stamp.sizeBytes;
    }
  }
  return batches;
}

async function readBatch(stamps: readonly FileStamp[], buffer: Buffer, lane: FileLane): Promise<SmallFile[]> {
  let offset = 0;
  const places = stamps.map((stamp) => {
    const start = offset;
    offset += stamp.sizeBytes;
    return { stamp, place: buffer.subarray(start, offset) };
  });
  return lane.run(places, readSmallFile);
}

/** Gives as much as there is, and not more than announced. */
function* readSmallFile({ stamp, place }: { stamp: FileStamp; place: Buffer }): FileWork<SmallFile> {
  // An empty file that grew is detected at the end, like any other change.
  if (stamp.sizeBytes === 0) return { stamp, content: place };
  let readBytes = 0;
  try {
    readBytes = yield* readInto(stamp.path, place);
  } catch (cause) {
    yield* checkStamp(stamp);
    throw unreadable(stamp.path, cause);
  }
  if (readBytes < stamp.sizeBytes) yield* checkStamp(stamp);
  return { stamp, content: place.subarray(0, readBytes) };
}

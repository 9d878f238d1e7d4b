import { createReadStream } from "node:fs";
import { PassThrough, Readable } from "node:stream";
import yazl from "yazl";
import { checkStamp, type FileStamp } from "./file-stamp.ts";

const CHUNK_BYTES = 1024 * 1024;
const JOINED_BYTES = 256 * 1024;
/** The date of every entry, so that the same files always give the same archive. */
const MODIFIED = new Date(1980, 0, 1);

export interface ZipEntry {
  /** The path in the archive, with `/`. */
  readonly name: string;
  readonly stamp: FileStamp;
}

/** The layout of an archive, known before any file is read: entries are stored without compression. */
export interface ZipPlan {
  readonly entries: readonly ZipEntry[];
  readonly sizeBytes: number;
  readonly isZip64: boolean;
}

export async function planZip(entries: readonly ZipEntry[]): Promise<ZipPlan> {
  const sizeBytes = await computeSize(entries, false);
  // The archiver calculates with a zip64 record from a 64 KiB directory on, but only writes it from 4 GiB on unless forced.
  const isZip64 = sizeBytes === (await computeSize(entries, true));
  return { entries, sizeBytes, isZip64 };
}

/** Produces the archive while it is read; files are opened one after the other. */
export async function* streamZip({ entries, isZip64 }: ZipPlan): AsyncGenerator<Uint8Array, void> {
  let current: Readable | undefined;
  const zip = fillZip(entries, (stamp) => {
    current = openStamped(stamp);
    return current;
  });
  const output = new PassThrough({ highWaterMark: CHUNK_BYTES });
  zip.on("error", (error) => output.destroy(error));
  zip.outputStream.pipe(output);
  zip.end({ forceZip64Format: isZip64, comment: "" });
  try {
    yield* joinSmall(output);
  } catch (error) {
    // A file that grew or shrank breaks the archive: report that instead of the archiver's error.
    for (const { stamp } of entries) await checkStamp(stamp);
    throw error;
  } finally {
    current?.destroy();
  }
}

/** Otherwise thousands of small files would become thousands of small network writes. */
async function* joinSmall(chunks: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array, void> {
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  for await (const chunk of chunks) {
    waiting.push(chunk);
    waitingBytes += chunk.byteLength;
    if (waitingBytes < JOINED_BYTES) continue;
    yield waiting.length === 1 ? chunk : Buffer.concat(waiting);
    waiting = [];
    waitingBytes = 0;
  }
  if (waitingBytes > 0) yield Buffer.concat(waiting);
}

/** Not more than announced. A file that grew is detected at the end, like any other change. */
function openStamped({ path, sizeBytes }: FileStamp): Readable {
  if (sizeBytes === 0) return Readable.from([]);
  return createReadStream(path, { highWaterMark: CHUNK_BYTES, end: sizeBytes - 1 });
}

function computeSize(entries: readonly ZipEntry[], forceZip64Format: boolean): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  // The typings lack the callback's parameter.
  const onSize = resolve as () => void;
  fillZip(entries, () => undefined).end({ forceZip64Format, comment: "" }, onSize);
  return promise;
}

/** @param open returns a file's bytes when it is its turn; undefined if only the size is needed */
function fillZip(
  entries: readonly ZipEntry[],
  open: (stamp: FileStamp) => Readable | undefined,
): yazl.ZipFile {
  const zip = new yazl.ZipFile();
  for (const { name, stamp } of entries) {
    const options = {
      size: stamp.sizeBytes,
      compress: false,
      mtime: MODIFIED,
      // The other kind of timestamp includes the time zone, which differs between machines.
      forceDosTimestamp: true,
      mode: 0o100644,
    };
    zip.addReadStreamLazy(name, options, (callback) => {
      const stream = open(stamp);
      // A file that cannot be read aborts the archive. Without a listener it would crash the process.
      stream?.on("error", (error) => zip.emit("error", error));
      if (stream) callback(null, stream);
    });
  }
  return zip;
}

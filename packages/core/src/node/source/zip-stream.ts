import { createReadStream } from "node:fs";
import { PassThrough, Readable } from "node:stream";
import yazl from "yazl";
import { checkStamp, type FileStamp } from "./file-stamp.ts";

const CHUNK_BYTES = 1024 * 1024;
const JOINED_BYTES = 256 * 1024;
/** Of every entry: the same files give the same archive, whenever they were checked out. */
const MODIFIED = new Date(1980, 0, 1);

export interface ZipEntry {
  /** Path inside the archive, with `/`. */
  readonly name: string;
  readonly stamp: FileStamp;
}

/** What is known of an archive before a byte is read: entries are stored, not compressed. */
export interface ZipPlan {
  readonly entries: readonly ZipEntry[];
  readonly sizeBytes: number;
  readonly isZip64: boolean;
}

export async function planZip(entries: readonly ZipEntry[]): Promise<ZipPlan> {
  const sizeBytes = await computeSize(entries, false);
  // The archiver counts on a zip64 ending from 64 KiB of directory on, but writes it from 4 GiB on, unless told to.
  const isZip64 = sizeBytes === (await computeSize(entries, true));
  return { entries, sizeBytes, isZip64 };
}

/** Writes the archive as it is read; files are opened one after the other. */
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
    // A file that grew or shrank breaks the archive: say so instead of what the archiver says.
    for (const { stamp } of entries) await checkStamp(stamp);
    throw error;
  } finally {
    current?.destroy();
  }
}

/** Thousands of small files would else be thousands of small writes to the network. */
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

/** No more than was announced: that a file grew is found out at the end, as with any other change. */
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

/** @param open gives a file's bytes when it is its turn; nothing, when only the size is wanted */
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
      // The other kind of time knows the time zone, which differs from machine to machine.
      forceDosTimestamp: true,
      mode: 0o100644,
    };
    zip.addReadStreamLazy(name, options, (callback) => {
      const stream = open(stamp);
      // A file that cannot be read ends the archive; without a listener it would end the process.
      stream?.on("error", (error) => zip.emit("error", error));
      if (stream) callback(null, stream);
    });
  }
  return zip;
}

import { createReadStream } from "node:fs";
import { PassThrough, type Readable } from "node:stream";
import yazl from "yazl";
import { checkStamp, type FileStamp } from "./file-stamp.ts";

export interface ZipEntry {
  /** Path inside the archive, with `/`. */
  readonly name: string;
  readonly stamp: FileStamp;
}

/** The exact length of the archive, known before a byte is read: entries are stored, not compressed. */
export function zipSizeBytes(entries: readonly ZipEntry[]): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  // The typings lack the callback's parameter.
  const onSize = resolve as () => void;
  fillZip(entries).end({ forceZip64Format: false, comment: "" }, onSize);
  return promise;
}

/** Writes the archive as it is read; files are opened one after the other. */
export async function* streamZip(entries: readonly ZipEntry[]): AsyncGenerator<Uint8Array, void> {
  const zip = fillZip(entries);
  const output = new PassThrough({ highWaterMark: 1024 * 1024 });
  zip.on("error", (error) => output.destroy(error));
  zip.outputStream.pipe(output);
  zip.end();
  try {
    for await (const chunk of output) yield chunk;
  } catch (error) {
    // A file that grew or shrank breaks the archive: say so instead of what the archiver says.
    for (const { stamp } of entries) await checkStamp(stamp);
    throw error;
  }
}

function fillZip(entries: readonly ZipEntry[]): yazl.ZipFile {
  const zip = new yazl.ZipFile();
  for (const { name, stamp } of entries) {
    const options = {
      size: stamp.sizeBytes,
      compress: false,
      mtime: new Date(stamp.modifiedMs),
      mode: 0o100644,
    };
    zip.addReadStreamLazy(name, options, (callback) => {
      const stream: Readable = createReadStream(stamp.path, { highWaterMark: 1024 * 1024 });
      callback(null, stream);
    });
  }
  return zip;
}

import { readChunks } from "../blend/content/read-chunks.ts";
import { ConfigError, UploadError } from "../errors/index.ts";
import type { ByteSource } from "./byte-source.ts";
import { readFacts } from "./preflight/read-facts.ts";
import type { Source } from "./source.ts";

/** What `blobSource` takes besides the Blob. */
export interface BlobSourceOptions {
  /** Such as `shot.blend` or `shot.zip`; the ending says which it is. @default the name of the `File` */
  readonly fileName?: string | undefined;
}

/**
 * A scene from a `File` that somebody chose in a page, or from any other `Blob`. It is not read into memory.
 *
 * @throws ConfigError when there is no file name.
 * @example
 * ```ts
 * import { blobSource, preflight } from "@renderjuice/core";
 *
 * const source = blobSource(new Blob(["BLENDER-v405"]), { fileName: "shot.blend" });
 * const { issues } = preflight(await source.readFacts());
 * ```
 */
export function blobSource(blob: Blob, options: BlobSourceOptions = {}): Source {
  const fileName = options.fileName || nameOf(blob);
  const fileType = /\.zip$/i.test(fileName) ? "zip" : "blend";
  const content: ByteSource = {
    sizeBytes: blob.size,
    read: async (offset, length) => {
      try {
        return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
      } catch (cause) {
        throw changed(fileName, cause);
      }
    },
  };
  return {
    fileName,
    fileType,
    sizeBytes: blob.size,
    blob,
    open: () => readChunks(content),
    readFacts: () => readFacts(content, { fileName, fileType }),
    // A browser refuses to read a file that was saved after it was chosen.
    checkUnchanged: async () => void (await content.read(0, Math.min(1, blob.size))),
  };
}

/** A `File` is a `Blob` with a name. */
function nameOf(blob: Blob): string {
  if ("name" in blob && typeof blob.name === "string" && blob.name !== "") return blob.name;
  throw new ConfigError({
    code: "invalid_option",
    option: "fileName",
    message: "The scene has no file name.",
    hint: 'Give one, such as blobSource(blob, { fileName: "shot.blend" }).',
  });
}

function changed(file: string, cause: unknown): UploadError {
  return new UploadError({
    code: "source_changed",
    message: `${file} can no longer be read: it was saved, moved or removed after it was chosen.`,
    hint: "Choose the file again, and submit it when nothing is writing to it.",
    file,
    cause,
  });
}

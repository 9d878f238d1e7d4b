import { ConfigError, UploadError } from "../errors/index.ts";
import type { ByteSource } from "./byte-source.ts";
import { readFacts } from "./preflight/read-facts.ts";
import type { Source } from "./source.ts";

const CHUNK_BYTES = 2 * 1024 * 1024;

/** How a Blob is submitted. */
export interface BlobSourceOptions {
  /** Its ending says what it is: `shot.blend`, `shot.zip`. @default the name of a `File` */
  readonly fileName?: string | undefined;
}

/**
 * A scene out of a `File` that somebody has chosen in a page, or out of any other `Blob`. Its bytes stay where they are
 * until they are sent.
 *
 * @throws ConfigError when it has no name.
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
    // Of a file that was saved meanwhile, a browser gives nothing any more.
    checkUnchanged: async () => void (await content.read(0, Math.min(1, blob.size))),
  };
}

async function* readChunks({ sizeBytes, read }: ByteSource): AsyncGenerator<Uint8Array, void> {
  for (let offset = 0; offset < sizeBytes; offset += CHUNK_BYTES) {
    yield read(offset, Math.min(CHUNK_BYTES, sizeBytes - offset));
  }
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
    message: `${file} cannot be read any more: it was saved, moved or removed after it was chosen.`,
    hint: "Choose the file again, and submit it once nothing writes to it.",
    file,
    cause,
  });
}

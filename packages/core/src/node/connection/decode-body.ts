import { pipeline, type Readable, type Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from "node:zlib";
import { DownloadError } from "../../errors/index.ts";

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

/** The encodings of a `Content-Encoding` header, in the order in which they were applied. */
export function readEncodings(header: string | undefined): string[] {
  return (header ?? "")
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && name !== "identity");
}

/**
 * Decompresses a response, as sent by hosts that store files compressed.
 *
 * @throws DownloadError `download_corrupt` if it cannot be decompressed completely
 */
export async function* decodeBody(
  body: Readable,
  encodings: readonly string[],
  file: string,
): AsyncGenerator<Buffer, void> {
  const decoders = encodings.toReversed().map((name) => createDecoder(name, file));
  if (decoders.length === 0) return yield* body;
  const decoded = pipeline([body, ...decoders], () => undefined) as Transform;
  try {
    yield* decoded;
  } catch (error) {
    throw isPackingProblem(error) ? brokenPacking(file, encodings, error) : error;
  }
}

function createDecoder(name: string, file: string): Transform {
  const create = Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined;
  if (create) return create();
  throw new DownloadError({
    code: "download_corrupt",
    message: `${file} is compressed in an unknown format: ${name}.`,
    hint: "Download the file from the Renderjuice dashboard.",
    file,
  });
}

/** A lost connection has a code too, but not one of zlib. */
function isPackingProblem(error: unknown): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    /^(Z_|ERR__?Z|ERR_BROTLI|ERR__ERROR|ZSTD)/.test(String(error.code))
  );
}

function brokenPacking(file: string, encodings: readonly string[], cause: unknown): DownloadError {
  return new DownloadError({
    code: "download_corrupt",
    message: `${file} was downloaded, but it is incomplete or damaged: it cannot be decompressed (${encodings.join(", ")}).`,
    hint: "Download again. If it keeps failing, the file is damaged on the farm: render that frame again.",
    file,
    cause,
  });
}

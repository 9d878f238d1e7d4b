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

/** The names in a `Content-Encoding`, in the order in which they were applied. */
export function readEncodings(header: string | undefined): string[] {
  return (header ?? "")
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && name !== "identity");
}

/**
 * The file inside of an answer that is packed, as a host keeps it when it was stored so.
 *
 * @throws DownloadError `download_corrupt` when it cannot be unpacked to its end
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
    message: `${file} is packed in a way that is not known here: ${name}.`,
    hint: "Fetch the file from the Renderjuice dashboard.",
    file,
  });
}

/** A cut connection has a code too, but not one of zlib. */
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
    message: `${file} was downloaded, but it is cut off or damaged: it cannot be unpacked (${encodings.join(", ")}).`,
    hint: "Download again. If it stays so, the file is broken on the farm: render that frame again.",
    file,
    cause,
  });
}

import { DownloadError } from "../errors/index.ts";

/** How many bytes of a file's ends are looked at. */
export const SIGNATURE_BYTES = 16;

interface Signature {
  readonly format: string;
  readonly head: readonly number[];
  /** The bytes every complete file ends with. */
  readonly tail?: readonly number[];
}

const PNG: Signature = {
  format: "PNG",
  head: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  tail: [0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82],
};
const JPEG: Signature = { format: "JPEG", head: [0xff, 0xd8, 0xff], tail: [0xff, 0xd9] };
const EXR: Signature = { format: "OpenEXR", head: [0x76, 0x2f, 0x31, 0x01] };
const TIFF_LITTLE: Signature = { format: "TIFF", head: [0x49, 0x49, 0x2a, 0x00] };
const TIFF_BIG: Signature = { format: "TIFF", head: [0x4d, 0x4d, 0x00, 0x2a] };
const ZIP: Signature = { format: "zip", head: [0x50, 0x4b] };

const BY_EXTENSION: Readonly<Record<string, readonly Signature[]>> = {
  png: [PNG],
  jpg: [JPEG],
  jpeg: [JPEG],
  exr: [EXR],
  tif: [TIFF_LITTLE, TIFF_BIG],
  tiff: [TIFF_LITTLE, TIFF_BIG],
  zip: [ZIP],
};

/**
 * Says why a file cannot be what its name says; undefined when it can, or when the format is not known here.
 *
 * @param head its first bytes, `SIGNATURE_BYTES` where it has as many
 * @param tail its last bytes
 */
export function findSignatureProblem(
  fileName: string,
  head: Uint8Array,
  tail: Uint8Array,
): string | undefined {
  if (head.length === 0) return "it is empty";
  const extension = fileName.slice(fileName.lastIndexOf(".") + 1).toLowerCase();
  const signatures = BY_EXTENSION[extension];
  if (!signatures) return undefined;
  const signature = signatures.find((candidate) =>
    candidate.head.every((byte, index) => head[index] === byte),
  );
  if (!signature) return `it is not a ${signatures[0]?.format} file`;
  const { tail: ending } = signature;
  if (ending && !ending.every((byte, index) => tail[tail.length - ending.length + index] === byte)) {
    return `it is cut off: the end of the ${signature.format} data is missing`;
  }
  return undefined;
}

export interface ReceivedFile {
  readonly sizeBytes: number;
  /** What the host announced; undefined when it did not. */
  readonly expectedBytes: number | undefined;
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

/** @throws DownloadError `download_corrupt` when the file is not complete or not what its name says. */
export function checkReceivedFile(fileName: string, received: ReceivedFile): void {
  const { sizeBytes, expectedBytes, head, tail } = received;
  const problem =
    expectedBytes !== undefined && sizeBytes !== expectedBytes
      ? `${sizeBytes} of ${expectedBytes} bytes arrived`
      : findSignatureProblem(fileName, head, tail);
  if (problem === undefined) return;
  throw new DownloadError({
    code: "download_corrupt",
    message: `${fileName} was downloaded, but ${problem}.`,
    hint: "Download again. If it stays so, the file is broken on the farm: render that frame again.",
    file: fileName,
  });
}

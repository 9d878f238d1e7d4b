import type { ByteSource } from "../../scene/byte-source.ts";
import { BrokenFile, ByteReader } from "./byte-reader.ts";
import { type Checks, PORTABLE_CHECKS } from "./checks.ts";
import { checkExr } from "./exr.ts";
import { checkIsoMedia } from "./iso-media.ts";
import { checkJpeg } from "./jpeg.ts";
import { checkJpeg2000 } from "./jpeg-2000.ts";
import { checkMatroska } from "./matroska.ts";
import { checkOgg } from "./ogg.ts";
import { checkBmp, checkCineon, checkDpx, checkIris } from "./plain-pixels.ts";
import { checkPng } from "./png.ts";
import { checkRadiance } from "./radiance.ts";
import { checkAvi } from "./riff-video.ts";
import { checkTarga } from "./targa.ts";
import { checkTiff } from "./tiff.ts";
import { checkWebp } from "./webp.ts";
import { checkZip } from "./zip.ts";

interface Format {
  readonly name: string;
  /** How such files can start, in hexadecimal; `.` stands for any digit. */
  readonly beginnings: readonly string[];
  /** @returns whether the file itself proves that it is complete */
  readonly check: (file: ByteReader, checks: Checks) => Promise<boolean>;
}

const PNG: Format = { name: "PNG", beginnings: ["89504e470d0a1a0a"], check: checkPng };
const JPEG: Format = { name: "JPEG", beginnings: ["ffd8ff"], check: checkJpeg };
const EXR: Format = { name: "OpenEXR", beginnings: ["762f3101"], check: checkExr };
const TIFF: Format = {
  name: "TIFF",
  beginnings: ["49492a00", "4d4d002a", "49492b00", "4d4d002b"],
  check: checkTiff,
};
const WEBP: Format = { name: "WebP", beginnings: ["52494646........57454250"], check: checkWebp };
const BMP: Format = { name: "BMP", beginnings: ["424d"], check: checkBmp };
const TARGA: Format = { name: "Targa", beginnings: [""], check: checkTarga };
const RADIANCE: Format = { name: "Radiance HDR", beginnings: ["233f"], check: checkRadiance };
const DPX: Format = { name: "DPX", beginnings: ["53445058", "58504453"], check: checkDpx };
const CINEON: Format = { name: "Cineon", beginnings: ["802a5fd7", "d75f2a80"], check: checkCineon };
const JPEG_2000: Format = {
  name: "JPEG 2000",
  beginnings: ["0000000c6a502020", "ff4fff51"],
  check: checkJpeg2000,
};
const IRIS: Format = { name: "Iris", beginnings: ["01da"], check: checkIris };
const ISO_MEDIA: Format = {
  name: "MP4",
  // Old QuickTime files begin with other boxes.
  beginnings: [
    "........66747970",
    "........6d6f6f76",
    "........77696465",
    "........6d646174",
    "........66726565",
  ],
  check: checkIsoMedia,
};
const MATROSKA: Format = { name: "Matroska", beginnings: ["1a45dfa3"], check: checkMatroska };
const AVI: Format = { name: "AVI", beginnings: ["52494646........41564920"], check: checkAvi };
const OGG: Format = { name: "Ogg", beginnings: ["4f676753"], check: checkOgg };
const ZIP: Format = { name: "zip", beginnings: ["504b0304", "504b0506"], check: checkZip };

/** Every format that Blender writes, except MPEG-1, MPEG-2 and Flash, which have neither lengths nor an end mark. */
const BY_EXTENSION: Readonly<Record<string, Format>> = {
  png: PNG,
  jpg: JPEG,
  jpeg: JPEG,
  exr: EXR,
  tif: TIFF,
  tiff: TIFF,
  webp: WEBP,
  bmp: BMP,
  tga: TARGA,
  hdr: RADIANCE,
  dpx: DPX,
  cin: CINEON,
  jp2: JPEG_2000,
  j2c: JPEG_2000,
  rgb: IRIS,
  mp4: ISO_MEDIA,
  m4v: ISO_MEDIA,
  mov: ISO_MEDIA,
  mkv: MATROSKA,
  webm: MATROSKA,
  avi: AVI,
  ogv: OGG,
  ogg: OGG,
  zip: ZIP,
};

export interface StructureFinding {
  /** What is wrong with the file, in words that follow "it"; absent if nothing is. */
  readonly problem?: string | undefined;
  /** Whether the content itself proves that nothing is missing. Never true for an unknown format. */
  readonly isProven: boolean;
}

/**
 * Checks the structure of a file, for the format that its name says: lengths, tables, checksums, the end mark. Nothing is
 * decompressed by default, so it takes at most about as long as reading the file once, and for most formats far less.
 *
 * @throws whatever `source` throws
 */
export async function findStructureProblem(
  fileName: string,
  source: ByteSource,
  checks: Checks = PORTABLE_CHECKS,
): Promise<StructureFinding> {
  if (source.sizeBytes === 0) return { problem: "is empty", isProven: false };
  const extension = fileName.slice(fileName.lastIndexOf(".") + 1).toLowerCase();
  const format = Object.hasOwn(BY_EXTENSION, extension) ? BY_EXTENSION[extension] : undefined;
  if (!format) return { isProven: false };
  const file = new ByteReader(source);
  try {
    if (!(await beginsAs(file, format))) return { problem: `is not a ${format.name} file`, isProven: false };
    return { isProven: await format.check(file, checks) };
  } catch (error) {
    if (error instanceof BrokenFile) return { problem: error.message, isProven: false };
    throw error;
  }
}

async function beginsAs(file: ByteReader, { beginnings }: Format): Promise<boolean> {
  const head = await file.bytes(0, Math.min(12, file.sizeBytes));
  const digits = Array.from(head, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return beginnings.some((beginning) => new RegExp(`^${beginning}`).test(digits));
}

import pLimit from "p-limit";
import { findStructureProblem } from "../../outputs/structure/find-structure-problem.ts";
import type { ByteSource } from "../../scene/byte-source.ts";
import type { BrokenImage } from "../../scene/preflight/index.ts";
import { NODE_CHECKS } from "../download/node-checks.ts";
import type { FileLane } from "../files/file-lane.ts";
import { type FileWork, readInto } from "../files/file-work.ts";
import { withFile } from "../files/with-file.ts";
import type { StampedFile } from "./stamp-files.ts";

/** Files are read in parallel, which helps on network drives. */
const FILES_AT_A_TIME = 16;
/** Keeps the check to a few seconds before an upload. */
const MAX_FILES = 20_000;
const MAX_READ_BYTES = 512 * 1024 ** 2;
const IMAGE = /\.(png|jpe?g|exr|tiff?|webp|bmp|tga|hdr|dpx|cin|jp2|j2c|rgb)$/i;
/** Formats that would have to be read completely, unless they end as they should. In hexadecimal. */
const ENDS: readonly (readonly [name: RegExp, end: string])[] = [
  [/\.png$/i, "0000000049454e44ae426082"],
  [/\.jpe?g$/i, "ffd9"],
];

/**
 * Images that are cut off. Images with other defects, or in another format than their name says, are not included, since
 * Blender can read many of them.
 */
export async function findBrokenImages(
  files: readonly StampedFile[],
  lane: FileLane,
): Promise<BrokenImage[]> {
  const images = files.filter(({ name, stamp }) => stamp.sizeBytes > 0 && IMAGE.test(name));
  const bySize = images.toSorted((one, other) => one.stamp.sizeBytes - other.stamp.sizeBytes);
  const wanted = bySize.slice(0, MAX_FILES);
  const ends = await lane.run(wanted, endsAsItShould);
  const doubtful = wanted.filter((_, index) => !ends[index]);
  return (await findCutOff(doubtful)).sort((one, other) => (one.name < other.name ? -1 : 1));
}

function* endsAsItShould({ name, stamp: { path, sizeBytes } }: StampedFile): FileWork<boolean> {
  const end = ENDS.find(([pattern]) => pattern.test(name))?.[1];
  if (end === undefined) return false;
  const tail = Buffer.alloc(Math.min(sizeBytes, end.length / 2));
  try {
    yield* readInto(path, tail, sizeBytes - tail.length);
  } catch {
    return false;
  }
  return tail.toString("hex") === end;
}

async function findCutOff(files: readonly StampedFile[]): Promise<BrokenImage[]> {
  const limit = pLimit(FILES_AT_A_TIME);
  let leftBytes = MAX_READ_BYTES;
  const lookAt = async ({ name, stamp }: StampedFile): Promise<BrokenImage[]> => {
    if (leftBytes <= 0) return [];
    const problem = await withFile(stamp.path, async ({ sizeBytes, read }) => {
      const counted = (offset: number, length: number) => {
        leftBytes -= length;
        return read(offset, length);
      };
      return findCut(name, { sizeBytes, read: counted });
      // A file that cannot be read, or is being written, is left to the upload to report.
    }).catch(() => undefined);
    return problem === undefined ? [] : [{ name, problem }];
  };
  return (await Promise.all(files.map((file) => limit(() => lookAt(file))))).flat();
}

async function findCut(name: string, content: ByteSource): Promise<string | undefined> {
  const { problem } = await findStructureProblem(name, content, NODE_CHECKS);
  return problem !== undefined && /^is (cut off|not complete)/.test(problem) ? problem : undefined;
}

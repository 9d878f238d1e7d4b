import type { InsideFacts, LeftOut } from "../../scene/preflight/index.ts";
import { isStandIn, LFS_POINTER_MAX_BYTES } from "../../scene/preflight/inside-rules.ts";
import { isPrivateKey } from "../../scene/preflight/no-scene-files.ts";
import type { FileLane } from "../files/file-lane.ts";
import { accessPath, type FileWork, readInto, statPath } from "../files/file-work.ts";
import { type FileStamp, stampOf, unreadable } from "./file-stamp.ts";
import type { ListedFile, Listing } from "./list-folder.ts";

const PRIVATE_KEY_MAX_BYTES = 16 * 1024;
const HEAD_BYTES = 1024;
const UNREADABLE: readonly unknown[] = ["EACCES", "EPERM", "EIO"];

export interface StampedFile {
  /** The path in the archive, with `/`. */
  readonly name: string;
  readonly stamp: FileStamp;
}

export interface StampedFiles {
  readonly files: readonly StampedFile[];
  /** Including files that turned out to be private keys or unreadable. */
  readonly leftOut: readonly LeftOut[];
  /** Files that only stand for another file, such as Git LFS pointers. */
  readonly standIns: readonly InsideFacts[];
}

interface Look {
  readonly file?: StampedFile;
  readonly leftOut?: LeftOut;
  readonly standIn?: InsideFacts;
}

/** Stamps every file of a listing, and reads the small ones. @throws UploadError if one no longer exists */
export async function stampFiles({ files, leftOut }: Listing, lane: FileLane): Promise<StampedFiles> {
  const looks = await lane.run(files, lookAt);
  return {
    files: looks.flatMap(({ file }) => file ?? []),
    leftOut: [...leftOut, ...looks.flatMap((look) => look.leftOut ?? [])],
    standIns: looks.flatMap(({ standIn }) => standIn ?? []),
  };
}

function* lookAt({ name, path }: ListedFile): FileWork<Look> {
  try {
    const stamp = stampOf(path, yield* statPath(path));
    const head = yield* readHead(stamp);
    if (head && isPrivateKey(head)) return { leftOut: { name, reason: "secret" } };
    const { sizeBytes } = stamp;
    const inside = { name, sizeBytes, head };
    const file = { name, stamp };
    return sizeBytes <= LFS_POINTER_MAX_BYTES && isStandIn(inside) ? { file, standIn: inside } : { file };
  } catch (error) {
    if (UNREADABLE.includes((error as NodeJS.ErrnoException).code))
      return { leftOut: { name, reason: "unreadable" } };
    throw unreadable(path, error);
  }
}

/** Of a file that could be a private key; of others it is only checked that they may be read. */
function* readHead({ path, sizeBytes }: FileStamp): FileWork<Buffer | undefined> {
  if (sizeBytes === 0 || sizeBytes > PRIVATE_KEY_MAX_BYTES) {
    yield* accessPath(path);
    return undefined;
  }
  const head = Buffer.allocUnsafe(Math.min(sizeBytes, HEAD_BYTES));
  return head.subarray(0, yield* readInto(path, head));
}

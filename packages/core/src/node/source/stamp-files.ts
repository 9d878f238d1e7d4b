import { access, constants } from "node:fs/promises";
import pLimit from "p-limit";
import type { InsideFacts, LeftOut } from "../../scene/preflight/index.ts";
import { LFS_POINTER_MAX_BYTES } from "../../scene/preflight/inside-rules.ts";
import { isPrivateKey } from "../../scene/preflight/no-scene-files.ts";
import { readEnds } from "../files/read-file.ts";
import { stampFile } from "./file-stamp.ts";
import type { Listing } from "./list-folder.ts";
import type { ZipEntry } from "./zip-stream.ts";

/** Files are read in parallel, which helps on network drives. */
const FILES_AT_A_TIME = 16;
const PRIVATE_KEY_MAX_BYTES = 16 * 1024;
const HEAD_BYTES = 1024;

export interface StampedFiles {
  readonly entries: readonly ZipEntry[];
  /** Including files that turned out to be private keys or unreadable. */
  readonly leftOut: readonly LeftOut[];
  /** Files small enough to be a Git LFS pointer. */
  readonly small: readonly InsideFacts[];
}

/** Stamps every file of a listing, and reads the small ones. @throws UploadError if one no longer exists */
export async function stampFiles({ files, leftOut }: Listing): Promise<StampedFiles> {
  const limit = pLimit(FILES_AT_A_TIME);
  const looks = await Promise.all(files.map(({ name, path }) => limit(() => lookAt(name, path))));
  return {
    entries: looks.flatMap(({ entry }) => entry ?? []),
    leftOut: [...leftOut, ...looks.flatMap((look) => look.leftOut ?? [])],
    small: looks.flatMap(({ small }) => small ?? []),
  };
}

interface Look {
  readonly entry?: ZipEntry | undefined;
  readonly leftOut?: LeftOut | undefined;
  readonly small?: InsideFacts | undefined;
}

async function lookAt(name: string, path: string): Promise<Look> {
  if (!(await mayRead(path))) return { leftOut: { name, reason: "unreadable" } };
  const stamp = await stampFile(path);
  const { sizeBytes } = stamp;
  const entry = { name, stamp };
  if (sizeBytes === 0 || sizeBytes > PRIVATE_KEY_MAX_BYTES) return { entry };
  const { head } = await readEnds(path, sizeBytes, HEAD_BYTES);
  if (isPrivateKey(head)) return { leftOut: { name, reason: "secret" } };
  return { entry, ...(sizeBytes <= LFS_POINTER_MAX_BYTES && { small: { name, sizeBytes, head } }) };
}

/** Also true for a file that no longer exists: opening it will report that. */
async function mayRead(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    (error: NodeJS.ErrnoException) => !["EACCES", "EPERM", "EIO"].includes(error.code ?? ""),
  );
}

import type { Stats } from "node:fs";
import { isAbsolute } from "node:path";
import { UploadError } from "../../errors/index.ts";
import { type FileWork, statPath } from "../files/file-work.ts";

/** Changes whenever the file is saved. */
export interface FileStamp {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly inode: number;
}

/** @throws UploadError `source_unreadable` */
export function* stampFile(path: string): FileWork<FileStamp> {
  try {
    return stampOf(path, yield* statPath(path));
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** @throws Error if it is not a file */
export function stampOf(path: string, stats: Stats): FileStamp {
  if (!stats.isFile()) throw new Error("it is a folder, pipe, socket or device");
  return { path, sizeBytes: stats.size, modifiedMs: stats.mtimeMs, inode: stats.ino };
}

/** @throws UploadError `source_changed` if the file has changed since it was stamped */
export function* checkStamp(stamp: FileStamp): FileWork<void> {
  const now = yield* stampIfAny(stamp.path);
  const isSame =
    now?.sizeBytes === stamp.sizeBytes && now.modifiedMs === stamp.modifiedMs && now.inode === stamp.inode;
  if (isSame) return;
  throw new UploadError({
    code: "source_changed",
    message: `${stamp.path} was ${now ? "saved" : "removed"} while it was being uploaded.`,
    hint: "Submit again when nothing is writing to it. No job was created.",
    file: stamp.path,
  });
}

function* stampIfAny(path: string): FileWork<FileStamp | undefined> {
  try {
    return yield* stampFile(path);
  } catch {
    return undefined;
  }
}

export function unreadable(path: string, cause: unknown): UploadError {
  const { code, message } = cause as NodeJS.ErrnoException;
  return new UploadError({
    code: "source_unreadable",
    ...describeProblem(path, code ?? message),
    file: path,
    cause,
  });
}

function describeProblem(path: string, detail: string): { message: string; hint: string } {
  if (path === "")
    return { message: "The path of the scene is empty.", hint: "Give a .blend, a .zip or a folder." };
  if (detail === "EISDIR") return { message: `${path} is a folder, not a file.`, hint: "Give a file in it." };
  if (detail !== "ENOENT")
    return { message: `${path} cannot be read (${detail}).`, hint: "Check the path and its permissions." };
  return { message: `The file ${path} does not exist.`, hint: hintFor(path) };
}

function hintFor(path: string): string {
  if (/^https?:/i.test(path)) return "Download it first: only files on this machine can be submitted.";
  if (path.startsWith("~")) return 'Only a shell knows "~". Write the whole path.';
  return isAbsolute(path) ? "Check the path." : `Check the path, which starts from ${process.cwd()}.`;
}

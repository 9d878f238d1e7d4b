import { stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { FileSystemError } from "../errors/index.ts";
import { makeFolder } from "./make-folder.ts";
import { PartFile } from "./part-file.ts";

/** A disk that is full takes an empty file still. */
const PROBE = Buffer.alloc(4096, " ");

/**
 * Makes a folder and writes a small file there, for a moment: what the file system refuses is told before anything is paid
 * for.
 *
 * @throws FileSystemError
 */
export async function checkOutputFolder(folder: string): Promise<void> {
  const path = resolve(folder);
  await makeFolder(path);
  try {
    await using part = await PartFile.create(join(path, "probe"));
    await part.append(PROBE);
    await part.sync();
  } catch (error) {
    if (!FileSystemError.isInstance(error)) throw error;
    throw new FileSystemError({ path, systemCode: error.systemCode, cause: error });
  }
}

/** The same for the place of a file that is to be written later. @throws FileSystemError */
export async function checkOutputFile(file: string): Promise<void> {
  const path = resolve(file);
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isDirectory()) throw new FileSystemError({ path, systemCode: "EISDIR" });
  await checkOutputFolder(dirname(path));
}

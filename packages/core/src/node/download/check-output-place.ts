import { realpath } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ConfigError, FileSystemError } from "../../errors/index.ts";
import { makeFolder, makeFolderBelow } from "../files/make-folder.ts";
import { recordFolderOf } from "./download-record.ts";
import { checkReplaceable, PartFile } from "./part-file.ts";

/** A disk that is full takes an empty file still. */
const PROBE = Buffer.alloc(4096, " ");

/**
 * Makes a folder and the one for its records, and writes a small file to each, for a moment: what the file system refuses
 * is told before anything is paid for.
 *
 * @throws FileSystemError
 * @throws ConfigError when the name is empty
 */
export async function checkOutputFolder(folder: string): Promise<void> {
  if (folder === "") throw emptyPath("outDir", "The output folder has an empty name.");
  const path = resolve(folder);
  await makeFolder(path);
  await probe(path);
  const records = recordFolderOf(path);
  await makeFolderBelow(path, records);
  await probe(records);
}

/** The same for the place of a file that is to be written later. @throws FileSystemError */
export async function checkOutputFile(file: string): Promise<void> {
  if (file === "") throw emptyPath("outFile", "The output file has an empty name.");
  const path = await followLink(file);
  await checkReplaceable(path);
  await makeFolder(dirname(path));
  await probe(dirname(path));
}

/** A link that the user names stays one: the file that it leads to is replaced. */
export function followLink(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}

async function probe(folder: string): Promise<void> {
  try {
    await using part = await PartFile.create(join(folder, "probe"));
    await part.append(PROBE);
    await part.sync();
  } catch (error) {
    if (!FileSystemError.isInstance(error)) throw error;
    throw new FileSystemError({ path: folder, systemCode: error.systemCode, cause: error });
  }
}

function emptyPath(option: string, message: string): ConfigError {
  return new ConfigError({
    code: "invalid_option",
    option,
    message,
    hint: 'Is a variable not set? "." is the current folder.',
  });
}

import { realpath } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ConfigError, FileSystemError } from "../../errors/index.ts";
import { makeFolder, makeFolderBelow } from "../files/make-folder.ts";
import { recordFolderOf } from "./download-record.ts";
import { checkReplaceable, PartFile } from "./part-file.ts";

/** A full disk still accepts an empty file. */
const PROBE = Buffer.alloc(4096, " ");

/**
 * Creates a folder and the one for its records, and writes a small temporary file to each, so that problems with the file
 * system show before anything costs money.
 *
 * @throws FileSystemError
 * @throws ConfigError if the name is empty
 * @example
 * await checkOutputFolder("renders");
 */
export async function checkOutputFolder(folder: string): Promise<void> {
  if (folder === "") throw emptyPath("outDir", "The name of the output folder is empty.");
  const path = resolve(folder);
  await makeFolder(path);
  await probe(path);
  const records = recordFolderOf(path);
  await makeFolderBelow(path, records);
  await probe(records);
}

/**
 * The same for a file that will be written later. @throws FileSystemError
 *
 * @example
 * await checkOutputFile("sheet.png");
 */
export async function checkOutputFile(file: string): Promise<void> {
  if (file === "") throw emptyPath("outFile", "The name of the output file is empty.");
  const path = await followLink(file);
  await checkReplaceable(path);
  await makeFolder(dirname(path));
  await probe(dirname(path));
}

/**
 * A link named by the user is kept: the file that it points to is replaced.
 *
 * @example
 * await replaceFile(await followLink("latest.json"), "{}");
 */
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
    hint: 'Check for an unset variable. Use "." for the current folder.',
  });
}

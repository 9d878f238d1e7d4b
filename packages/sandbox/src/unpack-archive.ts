import { createWriteStream } from "node:fs";
import { chmod, mkdir, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import yauzl, { type Entry, type ZipFile } from "yauzl";
import { RenderFailure } from "./renderers/renderer.ts";

const MAX_ENTRIES = 100_000;
const MAX_UNPACKED_BYTES = 100 * 1024 ** 3;
/** Scenes and textures shrink to a tenth at best, a zip bomb to a thousandth. */
const MAX_RATIO = 200;
const MIN_SUSPICIOUS_BYTES = 100 * 1024 ** 2;
/** The space to leave on the disk for the frames. */
const RESERVED_BYTES = 1024 ** 3;
const MAX_NAME_BYTES = 255;
const MAX_PATH_BYTES = 1024;
const SYMBOLIC_LINK = 0o120000;
const FILE_TYPE_MASK = 0o170000;

/**
 * Unpacks an archive after checking all its entries.
 *
 * @param choose receives the names and returns the wanted one; if it throws, nothing is unpacked
 * @returns the chosen name
 * @throws RenderFailure if the archive is damaged or hostile.
 */
export async function unpackArchive(
  archivePath: string,
  folder: string,
  choose: (names: readonly string[]) => string,
  signal: AbortSignal,
): Promise<string> {
  try {
    // The library itself refuses absolute names, `..` and entries that are longer than declared.
    const zip = await yauzl.openPromise(archivePath, { lazyEntries: true, autoClose: false });
    try {
      const files = await readEntries(zip, signal);
      const chosen = choose(files.map(({ fileName }) => fileName));
      await mkdir(folder, { recursive: true });
      checkDensity(files, zip.fileSize);
      await checkSpace(files, folder);
      await unpackFiles(zip, files, folder, signal);
      return chosen;
    } finally {
      zip.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RenderFailure) throw error;
    throw new RenderFailure("archive_unreadable", `The zip cannot be unpacked: ${(error as Error).message}`);
  }
}

async function readEntries(zip: ZipFile, signal: AbortSignal): Promise<Entry[]> {
  const files: Entry[] = [];
  const kinds = new Map<string, "file" | "folder">();
  for await (const entry of zip.eachEntry()) {
    signal.throwIfAborted();
    if (zip.entriesRead > MAX_ENTRIES) throw tooLarge(`more than ${MAX_ENTRIES} files`);
    checkEntry(entry, kinds);
    if (!entry.fileName.endsWith("/")) files.push(entry);
  }
  return files;
}

function checkEntry(entry: Entry, kinds: Map<string, "file" | "folder">): void {
  const { fileName } = entry;
  const shown = JSON.stringify(fileName.slice(0, 200));
  if (entry.isEncrypted()) throw new RenderFailure("archive_encrypted", `${shown} in the zip is encrypted.`);
  const mode = entry.externalFileAttributes >>> 16;
  if ((mode & FILE_TYPE_MASK) === SYMBOLIC_LINK) throw unsafe(`${shown} in the zip is a symbolic link.`);
  const segments = fileName.split("/");
  const isTooLong = segments.some((segment) => Buffer.byteLength(segment) > MAX_NAME_BYTES);
  if (isTooLong || Buffer.byteLength(fileName) > MAX_PATH_BYTES)
    throw unsafe(`The name ${shown} in the zip is too long: ${Buffer.byteLength(fileName)} bytes.`);
  if (fileName.includes("\0")) throw unsafe(`The name ${shown} in the zip cannot be used.`);
  claimNames(segments, shown, kinds);
}

/** Refuses two files with the same name, and a file where another entry needs a folder. */
function claimNames(segments: readonly string[], shown: string, kinds: Map<string, "file" | "folder">): void {
  for (let length = 1; length <= segments.length; length++) {
    if (segments[length - 1] === "") continue;
    const path = segments.slice(0, length).join("/");
    const kind = length < segments.length ? "folder" : "file";
    const taken = kinds.get(path);
    if (taken !== undefined && (taken === "file" || kind === "file"))
      throw unsafe(`The zip has two entries named ${shown}.`);
    kinds.set(path, kind);
  }
}

/** Refuses small archives that become large folders, also by overlapping entries. */
function checkDensity(files: readonly Entry[], archiveBytes: number): void {
  const unpackedBytes = sumSizes(files);
  if (unpackedBytes > MIN_SUSPICIOUS_BYTES && unpackedBytes > archiveBytes * MAX_RATIO)
    throw tooLarge(`${gibibytes(unpackedBytes)}, ${Math.floor(unpackedBytes / archiveBytes)} times its size`);
}

async function checkSpace(files: readonly Entry[], folder: string): Promise<void> {
  const unpackedBytes = sumSizes(files);
  const { bavail, bsize } = await statfs(folder);
  if (unpackedBytes > MAX_UNPACKED_BYTES) throw tooLarge(gibibytes(unpackedBytes));
  if (unpackedBytes > bavail * bsize - RESERVED_BYTES)
    throw tooLarge(
      `${gibibytes(unpackedBytes)}, but the sandbox's disk has only ${gibibytes(bavail * bsize)} left`,
    );
}

async function unpackFiles(zip: ZipFile, files: readonly Entry[], folder: string, signal: AbortSignal) {
  const made = new Set<string>();
  await makeFolder(folder, folder, made);
  for (const entry of files) {
    signal.throwIfAborted();
    const path = join(folder, entry.fileName);
    await makeFolder(dirname(path), folder, made);
    try {
      const content = await zip.openReadStreamPromise(entry);
      // Exclusive, since two names may be the same on a file system that ignores case.
      await pipeline(content, createWriteStream(path, { flags: "wx", mode: 0o644 }), { signal });
      await chmod(path, 0o644);
    } catch (error) {
      throw describe(error as NodeJS.ErrnoException, entry);
    }
  }
}

/** Readable for Blender's user, whatever the umask of this process. */
async function makeFolder(path: string, root: string, made: Set<string>): Promise<void> {
  if (made.has(path)) return;
  if (path !== root) await makeFolder(dirname(path), root, made);
  await mkdir(path, { recursive: true });
  await chmod(path, 0o755);
  made.add(path);
}

function describe(error: NodeJS.ErrnoException, { fileName }: Entry): Error {
  const shown = JSON.stringify(fileName);
  if (error.code === "EEXIST")
    return unsafe(`The zip has two entries whose names differ only in case: ${shown}.`);
  if (error.code === "ENOSPC")
    return new RenderFailure("disk_full", `The sandbox's disk is full, so ${shown} could not be unpacked.`);
  // An error of the file system, whose message would contain a path of this machine.
  if (error.syscall !== undefined)
    return new RenderFailure(
      "archive_unreadable",
      `${shown} in the zip could not be unpacked (${error.code}).`,
    );
  return new RenderFailure("archive_unreadable", `The zip cannot be unpacked: ${shown}: ${error.message}`);
}

function sumSizes(files: readonly Entry[]): number {
  return files.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
}

function unsafe(message: string): RenderFailure {
  return new RenderFailure("archive_unsafe", message);
}

function tooLarge(size: string): RenderFailure {
  return new RenderFailure("archive_too_large", `The zip would unpack to ${size}.`);
}

function gibibytes(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
}

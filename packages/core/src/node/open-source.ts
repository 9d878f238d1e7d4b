import { stat } from "node:fs/promises";
import { basename, dirname, extname, relative, resolve, sep } from "node:path";
import { glob } from "tinyglobby";
import { ConfigError } from "../errors/index.ts";
import type { SourceFacts } from "../preflight/index.ts";
import type { Source } from "../source.ts";
import { checkStamp, type FileStamp, stampFile, unreadable } from "./file-stamp.ts";
import { readEnds, readFile } from "./read-file.ts";
import { readZipEntries } from "./read-zip-entries.ts";
import { planZip, streamZip, type ZipEntry } from "./zip-stream.ts";

/** Enough for every magic number, the end record of a zip and the last block of a `.blend`. */
const END_BYTES = 64 * 1024;
/** Never part of a scene. */
const IGNORED = [
  "**/.git/**",
  "**/.DS_Store",
  "**/__MACOSX/**",
  "**/Thumbs.db",
  "**/*.blend[0-9]",
  "**/.renderjuice/**",
];

/**
 * Opens a `.blend`, a `.zip`, a folder or several files as a source. A folder and several files are zipped while they
 * are uploaded; nothing is written to disk.
 *
 * @throws UploadError `source_unreadable` when there is no such file.
 */
export async function openSource(paths: string | readonly string[]): Promise<Source> {
  const list = typeof paths === "string" ? [paths] : paths;
  const [first] = list;
  if (first === undefined) {
    throw new ConfigError({ code: "invalid_option", option: "source", message: "No file was given." });
  }
  if (list.length > 1) return openFiles(list);
  const stats = await stat(first).catch((cause) => {
    throw unreadable(first, cause);
  });
  return stats.isDirectory() ? openFolder(resolve(first)) : openFile(first);
}

async function openFile(path: string): Promise<Source> {
  const stamp = await stampFile(path);
  const fileName = basename(path);
  const fileType = extname(fileName).toLowerCase() === ".zip" ? "zip" : "blend";
  return {
    fileName,
    fileType,
    sizeBytes: stamp.sizeBytes,
    open: () => readFile(stamp),
    checkUnchanged: () => checkStamp(stamp),
    readFacts: async (): Promise<SourceFacts> => ({
      fileName,
      fileType,
      sizeBytes: stamp.sizeBytes,
      ...(await readEnds(path, stamp.sizeBytes, END_BYTES)),
      ...(fileType === "zip" && (await readZipEntries(path))),
    }),
  };
}

async function openFolder(folder: string): Promise<Source> {
  const names = await glob("**/*", { cwd: folder, dot: true, ignore: IGNORED, followSymbolicLinks: false });
  return zipSource(basename(folder), folder, names.sort());
}

/** Several files keep their places relative to the folder they have in common. */
async function openFiles(paths: readonly string[]): Promise<Source> {
  const absolute = paths.map((path) => resolve(path));
  const folder = commonFolder(absolute);
  const blend = absolute.find((path) => extname(path).toLowerCase() === ".blend");
  const names = absolute.map((path) => relative(folder, path).split(sep).join("/"));
  return zipSource(basename(blend ?? folder, ".blend"), folder, names.sort());
}

async function zipSource(name: string, folder: string, names: readonly string[]): Promise<Source> {
  const entries: ZipEntry[] = [];
  for (const entryName of names)
    entries.push({ name: entryName, stamp: await stampFile(resolve(folder, entryName)) });
  const stamps: FileStamp[] = entries.map(({ stamp }) => stamp);
  const plan = await planZip(entries);
  const { sizeBytes } = plan;
  const fileName = `${name}.zip`;
  return {
    fileName,
    fileType: "zip",
    sizeBytes,
    open: () => streamZip(plan),
    checkUnchanged: async () => {
      for (const stamp of stamps) await checkStamp(stamp);
    },
    readFacts: async (): Promise<SourceFacts> => ({
      fileName,
      fileType: "zip",
      sizeBytes,
      zipEntries: entries.map((entry) => ({
        name: entry.name,
        sizeBytes: entry.stamp.sizeBytes,
        compressedBytes: entry.stamp.sizeBytes,
        isEncrypted: false,
      })),
    }),
  };
}

function commonFolder(paths: readonly string[]): string {
  let folder = dirname(paths[0] ?? "");
  while (!paths.every((path) => path.startsWith(folder.endsWith(sep) ? folder : folder + sep))) {
    const parent = dirname(folder);
    if (parent === folder) break;
    folder = parent;
  }
  return folder;
}

import { stat } from "node:fs/promises";
import { basename, extname, resolve } from "node:path";
import { ConfigError } from "../../errors/index.ts";
import { END_BYTES, type InsideFacts, type SourceFacts } from "../../scene/preflight/index.ts";
import { findMainScene, isBlend, sceneNames } from "../../scene/preflight/main-scene.ts";
import type { Source } from "../../scene/source.ts";
import { filesBeside, readSceneOnDisk } from "../blend/scene-on-disk.ts";
import { FileLane } from "../files/file-lane.ts";
import { runLater } from "../files/file-work.ts";
import { readEnds, readFile } from "../files/read-file.ts";
import { measureZip, streamZip } from "../zip/zip-stream.ts";
import { fileEntries } from "./file-entries.ts";
import { checkStamp, type FileStamp, stampFile, unreadable } from "./file-stamp.ts";
import { findBrokenImages } from "./find-broken-images.ts";
import { findPacking } from "./find-packing.ts";
import { type Listing, listFolder, nameBelow } from "./list-folder.ts";
import { listTogether } from "./list-together.ts";
import { readZip } from "./read-zip.ts";
import { type StampedFile, stampFiles } from "./stamp-files.ts";

/** Options of `openSource`. */
export interface OpenSourceOptions {
  /**
   * The `.blend` to render, if a folder, a zip or a list of files contains several: a path, or a name in the zip. The
   * archive is named after it, which tells the farm that the others are libraries.
   */
  readonly mainScene?: string | undefined;
  /**
   * Whether a single `.blend` brings the files along that it refers to by relative paths, libraries of libraries included.
   * They are zipped with it, each in its place. @default true
   */
  readonly bringFiles?: boolean | undefined;
}

/**
 * Opens a `.blend`, a `.zip`, a folder or several files as a source. Folders and lists of files are zipped during the
 * upload; nothing is written to disk.
 *
 * @throws UploadError `source_unreadable` if a file does not exist or cannot be read
 * @example
 * const source = await openSource("project/", { mainScene: "project/shots/sh010.blend" });
 * await client.submit(source);
 */
export async function openSource(
  paths: string | readonly string[],
  { mainScene, bringFiles = true }: OpenSourceOptions = {},
): Promise<Source> {
  const list = typeof paths === "string" ? [paths] : paths;
  const [first] = list;
  if (first === undefined) {
    throw new ConfigError({ code: "invalid_option", option: "source", message: "No file was given." });
  }
  if (list.length > 1) return openTogether(list, mainScene);
  const stats = await stat(first).catch((cause) => {
    throw unreadable(first, cause);
  });
  if (stats.isDirectory()) return openFolder(resolve(first), mainScene);
  if (mainScene === undefined && bringFiles && isBlend(first)) return openScene(first);
  if (mainScene === undefined || isZip(first)) return openFile(first, mainScene && entryNameOf(mainScene));
  return openTogether([first], mainScene);
}

/** A `.blend` with the files that it needs beside it. */
async function openScene(path: string): Promise<Source> {
  const files = await filesBeside(path);
  if (files.length === 0) return openFile(path, undefined);
  const { listing, main } = await listTogether([path, ...files], path);
  // Names of folders above may not be packed; the scene itself must never be left out for that.
  if (!listing.files.some(({ name }) => name === main)) return openFile(path, undefined);
  return zipSource({
    listing,
    name: basename(path),
    givenAs: `${basename(path)} with its files`,
    mainScene: main,
  });
}

async function openFile(path: string, mainScene: string | undefined): Promise<Source> {
  const stamp = await runLater(stampFile(path));
  const fileName = mainScene === undefined ? basename(path) : archiveNameOf(mainScene);
  const fileType = isZip(path) ? "zip" : "blend";
  return {
    fileName,
    fileType,
    sizeBytes: stamp.sizeBytes,
    open: () => readFile(stamp),
    checkUnchanged: () => runLater(checkStamp(stamp)),
    readFacts: async (): Promise<SourceFacts> => ({
      fileName,
      givenAs: mainScene && basename(path),
      fileType,
      sizeBytes: stamp.sizeBytes,
      ...(await lookAt(stamp)),
      ...(fileType === "zip" ? await readZip(path) : await readSceneOnDisk(path, [path])),
      mainScene,
    }),
  };
}

async function openFolder(folder: string, mainScene: string | undefined): Promise<Source> {
  const main = mainScene === undefined ? undefined : nameBelow(folder, resolve(mainScene));
  if (mainScene !== undefined && main === undefined) return openTogether([folder], mainScene);
  const name = basename(folder);
  return zipSource({
    listing: await listFolder({ path: folder }),
    name,
    givenAs: `The folder "${name}"`,
    mainScene: main,
  });
}

async function openTogether(paths: readonly string[], mainScene: string | undefined): Promise<Source> {
  const { listing, root, main } = await listTogether(paths, mainScene);
  const [scene, ...others] = sceneNames(listing.files.map(({ name }) => name));
  const name = basename(others.length === 0 ? (scene ?? root) : root);
  return zipSource({ listing, name, givenAs: "The list of files", mainScene: main });
}

interface ZipInput {
  readonly listing: Listing;
  readonly name: string;
  /** See `SourceFacts`. */
  readonly givenAs: string;
  readonly mainScene: string | undefined;
}

async function zipSource({ listing, name, givenAs, mainScene }: ZipInput): Promise<Source> {
  const lane = new FileLane();
  const { files: unsorted, leftOut, standIns } = await stampFiles(listing, lane);
  const fileName =
    mainScene === undefined ? `${name.replace(/\.blend$/i, "") || "scene"}.zip` : archiveNameOf(mainScene);
  const files = sortFiles(fileName, unsorted);
  const entryFacts = files.map(factsOf);
  const sizeBytes = measureZip(entryFacts);
  return {
    fileName,
    fileType: "zip",
    sizeBytes,
    open: () => streamZip(fileEntries(files, lane)),
    checkUnchanged: async () => {
      await lane.run(files, ({ stamp }) => checkStamp(stamp));
    },
    readFacts: async (): Promise<SourceFacts> => ({
      fileName,
      givenAs,
      fileType: "zip",
      sizeBytes,
      zipEntries: entryFacts,
      insides: [...standIns.filter(({ name }) => !isBlend(name)), ...(await readScenes(files))],
      brokenImages: await findBrokenImages(files, lane),
      ...(await readMainScene(files)),
      leftOut,
      mainScene,
    }),
  };
}

async function readMainScene(
  files: readonly StampedFile[],
): Promise<Pick<SourceFacts, "scene" | "references">> {
  const [main] = files;
  if (main === undefined || !isBlend(main.name)) return {};
  return readSceneOnDisk(
    main.stamp.path,
    files.map(({ stamp }) => stamp.path),
  );
}

/** The scene to render comes first. */
function sortFiles(archiveName: string, files: readonly StampedFile[]): StampedFile[] {
  const main = findMainScene(
    archiveName,
    files.map(({ name }) => name),
  );
  return files.toSorted((one, other) => {
    if (one.name === main || other.name === main) return one.name === main ? -1 : 1;
    return one.name < other.name ? -1 : 1;
  });
}

function factsOf({ name, stamp: { sizeBytes } }: StampedFile) {
  return {
    name,
    sizeBytes,
    isEncrypted: false,
    method: 0,
    isLink: false,
    isNameUnicode: true,
  };
}

async function readScenes(files: readonly StampedFile[]): Promise<InsideFacts[]> {
  const scenes: InsideFacts[] = [];
  for (const { name, stamp } of files.filter(({ name }) => isBlend(name))) {
    scenes.push({ name, sizeBytes: stamp.sizeBytes, ...(await lookAt(stamp)) });
  }
  return scenes;
}

async function lookAt(stamp: FileStamp): Promise<Pick<SourceFacts, "head" | "tail" | "packing">> {
  const ends = await readEnds(stamp.path, stamp.sizeBytes, END_BYTES);
  const packing = await findPacking(stamp, ends);
  return { ...ends, packing };
}

function archiveNameOf(mainScene: string): string {
  return `${basename(mainScene, extname(mainScene))}.zip`;
}

/** `.\\shots\\sh010.blend`, as completed by a shell → `shots/sh010.blend` */
function entryNameOf(path: string): string {
  return path.replaceAll("\\", "/").replace(/^(\.\/)+/, "");
}

function isZip(path: string): boolean {
  return extname(path).toLowerCase() === ".zip";
}

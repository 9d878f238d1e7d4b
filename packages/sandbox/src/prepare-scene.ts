import { createWriteStream } from "node:fs";
import { link, mkdir } from "node:fs/promises";
import { basename, dirname, join, parse } from "node:path";
import { pipeline } from "node:stream/promises";
import { safeRelativePath } from "@renderjuice/core";
import yauzl, { type Entry } from "yauzl";
import { RenderFailure } from "./renderers/renderer.ts";

const MAX_ENTRIES = 100_000;
const MAX_UNPACKED_BYTES = 100 * 1024 ** 3;
const SYMBOLIC_LINK = 0o120000;
const FILE_TYPE_MASK = 0o170000;

/**
 * Unpacks an archive and finds its scene.
 *
 * @returns the path of the `.blend`
 * @throws RenderFailure when the archive is broken, hostile or holds no single scene.
 */
export async function unpackScene(
  { path, fileName }: { readonly path: string; readonly fileName: string },
  folder: string,
  signal: AbortSignal,
): Promise<string> {
  const names = await unpack(path, folder, signal);
  return join(folder, chooseScene(fileName, names));
}

/**
 * Gives an uploaded scene its own name back, without a copy: frames are named after it.
 *
 * @returns the path of the `.blend`
 */
export async function linkScene(uploadPath: string, folder: string, fileName: string): Promise<string> {
  const path = join(folder, basename(safeRelativePath(fileName)));
  await mkdir(folder, { recursive: true });
  await link(uploadPath, path);
  return path;
}

async function unpack(archivePath: string, folder: string, signal: AbortSignal): Promise<string[]> {
  const names: string[] = [];
  let unpackedBytes = 0;
  try {
    // The library itself refuses absolute names, `..` and entries that are longer than they say.
    const zip = await yauzl.openPromise(archivePath, { lazyEntries: true });
    for await (const entry of zip.eachEntry()) {
      signal.throwIfAborted();
      unpackedBytes += entry.uncompressedSize;
      if (names.length >= MAX_ENTRIES || unpackedBytes > MAX_UNPACKED_BYTES) throw bomb();
      if (entry.fileName.endsWith("/")) continue;
      checkEntry(entry);
      const path = join(folder, entry.fileName);
      await mkdir(dirname(path), { recursive: true });
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(path), { signal });
      names.push(entry.fileName);
    }
    return names;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RenderFailure) throw error;
    throw new RenderFailure("archive_unreadable", `The zip cannot be unpacked: ${(error as Error).message}`);
  }
}

function checkEntry(entry: Entry): void {
  if (entry.isEncrypted())
    throw new RenderFailure("archive_encrypted", `${entry.fileName} in the zip is encrypted.`);
  const mode = entry.externalFileAttributes >>> 16;
  if ((mode & FILE_TYPE_MASK) === SYMBOLIC_LINK) {
    throw new RenderFailure("archive_unsafe", `${entry.fileName} in the zip is a symbolic link.`);
  }
}

/** The only `.blend`, or the only one that is named as the archive is: the others are its libraries. */
function chooseScene(archiveName: string, names: readonly string[]): string {
  const scenes = names.filter((name) => /\.blend$/i.test(name) && !isOfMacOs(name));
  if (scenes.length === 0) throw new RenderFailure("scene_missing", "The zip holds no .blend.");
  const stem = parse(archiveName).name.toLowerCase();
  const named = scenes.filter((name) => parse(name).name.toLowerCase() === stem);
  const [scene, ...others] = scenes.length === 1 ? scenes : named;
  if (scene !== undefined && others.length === 0) return scene;
  throw new RenderFailure(
    "scene_ambiguous",
    `The zip holds several scenes, and none of them is named as the zip is: ${scenes.join(", ")}.`,
  );
}

/** The attributes of a file, which macOS keeps beside it as `._shot.blend`. */
function isOfMacOs(name: string): boolean {
  return name.split("/").some((segment) => segment === "__MACOSX" || segment.startsWith("._"));
}

function bomb(): RenderFailure {
  return new RenderFailure("archive_too_large", "The zip would unpack to more than any scene needs.");
}

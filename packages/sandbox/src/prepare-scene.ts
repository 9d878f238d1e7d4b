import { constants } from "node:fs";
import { chmod, copyFile, link, mkdir } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { safeRelativePath } from "@renderjuice/core/adapter";
import { chooseScene } from "./choose-scene.ts";
import { unpackArchive } from "./unpack-archive.ts";

/** File names are limited to 255 bytes, and frames are named after the scene. */
const MAX_NAME_BYTES = 200;

/** A scene and everything that was sent with it. Readable for others, since Blender may run as another user. */
export interface PreparedScene {
  readonly sceneDir: string;
  readonly scenePath: string;
}

/**
 * Unpacks an archive and finds its scene.
 *
 * @throws RenderFailure if the archive is damaged or hostile, or has several scenes and it is not clear which one is
 * meant.
 */
export async function unpackScene(
  { path, fileName }: { readonly path: string; readonly fileName: string },
  sceneDir: string,
  signal: AbortSignal,
): Promise<PreparedScene> {
  const scene = await unpackArchive(path, sceneDir, (names) => chooseScene(fileName, names), signal);
  return { sceneDir, scenePath: join(sceneDir, scene) };
}

/** Gives an uploaded scene its original name, since frames are named after it. If possible without a copy. */
export async function linkScene(
  uploadPath: string,
  sceneDir: string,
  fileName: string,
): Promise<PreparedScene> {
  const scenePath = join(sceneDir, fitName(basename(safeRelativePath(fileName))));
  await mkdir(sceneDir, { recursive: true });
  await chmod(sceneDir, 0o755);
  // Not every file system supports hard links.
  await link(uploadPath, scenePath).catch(() => copyFile(uploadPath, scenePath, constants.COPYFILE_FICLONE));
  await chmod(scenePath, 0o644);
  return { sceneDir, scenePath };
}

function fitName(name: string): string {
  const extension = extname(name);
  let stem = basename(name, extension);
  while (Buffer.byteLength(stem + extension) > MAX_NAME_BYTES) stem = [...stem].slice(0, -1).join("");
  return stem + extension;
}

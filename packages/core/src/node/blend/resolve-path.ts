import { readdir } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, normalize, win32 } from "node:path";

/** A path of a `.blend`, as a place on this machine. */
export interface ResolvedPath {
  /** Absolute. As stored for a path of another system, such as `C:\textures\wood.png` on Linux. */
  readonly target: string;
  /** Whether it can be a place on this machine at all. */
  readonly isForeign: boolean;
}

/**
 * Where a stored path leads.
 *
 * @param folder of the `.blend`, which `//` stands for
 */
export function resolvePath(path: string, folder: string): ResolvedPath {
  if (path.startsWith("//")) {
    return { target: normalize(join(folder, path.slice(2).replaceAll("\\", "/"))), isForeign: false };
  }
  const isOfWindows = win32.isAbsolute(path) && !path.startsWith("/");
  if (isOfWindows && process.platform !== "win32") return { target: path, isForeign: true };
  // Blender reads a path without a root as one below its working folder; on a farm that is anywhere.
  return { target: isAbsolute(path) ? normalize(path) : join(folder, path), isForeign: false };
}

/** Folders that were listed before: a sequence asks for the same one a thousand times. */
export class Folders {
  readonly #names = new Map<string, Promise<readonly string[]>>();

  /** Empty if the folder does not exist, or cannot be read. */
  namesIn(folder: string): Promise<readonly string[]> {
    const known = this.#names.get(folder) ?? readdir(folder).catch(() => []);
    this.#names.set(folder, known);
    return known;
  }

  async has(path: string): Promise<boolean> {
    return (await this.namesIn(dirname(path))).includes(basename(path));
  }

  /** The name in the same folder that differs only in case: Windows and macOS find it, Linux does not. */
  async likeNameOf(path: string): Promise<string | undefined> {
    const wanted = basename(path).toLowerCase();
    return (await this.namesIn(dirname(path))).find((name) => name.toLowerCase() === wanted);
  }
}

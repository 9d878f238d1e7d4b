import { readdir, stat } from "node:fs/promises";
import { basename, dirname, resolve, win32 } from "node:path";

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
    return { target: resolve(folder, `./${path.slice(2).replaceAll("\\", "/")}`), isForeign: false };
  }
  const isOfWindows = win32.isAbsolute(path) && !path.startsWith("/");
  if (isOfWindows && process.platform !== "win32") return { target: path, isForeign: true };
  // Blender reads a path without a root as one below its working folder; on a farm that is anywhere.
  return { target: resolve(folder, path), isForeign: false };
}

/** Folders that were listed before: a sequence asks for the same one a thousand times. */
export class Folders {
  readonly #names = new Map<string, Promise<ReadonlySet<string>>>();

  /** Empty if the folder does not exist, or cannot be read. */
  namesIn(folder: string): Promise<ReadonlySet<string>> {
    const known =
      this.#names.get(folder) ??
      readdir(folder).then(
        (names) => new Set(names),
        () => new Set<string>(),
      );
    this.#names.set(folder, known);
    return known;
  }

  async has(path: string): Promise<boolean> {
    const isListed = (await this.namesIn(dirname(path))).has(basename(path));
    // What is listed may be a link that leads nowhere.
    return (
      isListed &&
      (await stat(path).then(
        (stats) => stats.isFile() || stats.isDirectory(),
        () => false,
      ))
    );
  }

  /** The name in the same folder that differs only in case: Windows and macOS find it, Linux does not. */
  async likeNameOf(path: string): Promise<string | undefined> {
    const wanted = basename(path).toLowerCase();
    const names = [...(await this.namesIn(dirname(path)))];
    return names.find((name) => name.toLowerCase() === wanted && name !== basename(path));
  }
}

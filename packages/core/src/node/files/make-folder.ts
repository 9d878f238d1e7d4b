import { lstat, mkdir, realpath, stat } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { FileSystemError } from "../../errors/index.ts";
import { onDisk } from "./file-system-failure.ts";

/**
 * Creates a folder and its parents. One by one, since Node's recursive `mkdir` never returns if the system reports an
 * existing folder as missing (`/proc/x`).
 *
 * @throws FileSystemError
 * @example
 * await makeFolder("renders/sh010");
 */
export async function makeFolder(path: string): Promise<void> {
  return onDisk(path, () => make(resolve(path)));
}

async function make(path: string): Promise<void> {
  const code = await tryMake(path);
  if (code === undefined) return;
  if (code === "ENOENT" && dirname(path) !== path) {
    await make(dirname(path));
    const again = await tryMake(path);
    if (again === undefined) return;
    throw new FileSystemError({ path, systemCode: again });
  }
  throw new FileSystemError({ path, systemCode: code });
}

/** @returns the system's error code if the folder does not exist now */
async function tryMake(path: string): Promise<string | undefined> {
  try {
    await mkdir(path);
    return undefined;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    // Windows and read-only disks report other errors for an existing folder.
    const there = await stat(path).catch(() => undefined);
    if (there?.isDirectory()) return undefined;
    return code === "EEXIST" && !there ? "ENOENT" : code;
  }
}

/**
 * Creates the folders of a file below `root`, without following links that lead out of it.
 *
 * @throws FileSystemError `EXDEV` if a link leads out of `root`
 */
export async function makeFolderBelow(root: string, folder: string): Promise<void> {
  let path = root;
  for (const name of relative(root, folder).split(sep).filter(Boolean)) {
    path = join(path, name);
    const stats = await lstat(path).catch(() => undefined);
    if (stats?.isSymbolicLink()) await refuseWayOut(root, path);
    else if (!stats?.isDirectory()) await makeFolder(path);
  }
}

async function refuseWayOut(root: string, link: string): Promise<void> {
  const [inside, target] = await onDisk(link, () => Promise.all([realpath(root), realpath(link)]));
  const way = relative(inside, target);
  if (way === ".." || way.startsWith(`..${sep}`) || resolve(way) === way) {
    throw new FileSystemError({ path: link, systemCode: "EXDEV" });
  }
}

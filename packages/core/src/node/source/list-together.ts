import { realpath, stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { isSecretName } from "../../scene/preflight/no-scene-files.ts";
import { unreadable } from "./file-stamp.ts";
import { isUsable, type ListedFile, type Listing, listFolder, nameBelow } from "./list-folder.ts";

export interface Together {
  readonly listing: Listing;
  /** The common parent folder. */
  readonly root: string;
  /** The name in the listing of the scene to render. */
  readonly main: string | undefined;
}

/** Files and folders that go into one archive, each at its path relative to their common parent folder. */
export async function listTogether(
  paths: readonly string[],
  mainScene: string | undefined,
): Promise<Together> {
  const main = mainScene === undefined ? [] : [resolve(mainScene)];
  const absolute = [...paths.map((path) => resolve(path)), ...main];
  const root = commonFolder(absolute);
  const roots = await Promise.all(absolute.map((path) => realpath(path).catch(() => path)));
  const files = new Map<string, ListedFile>();
  const leftOut: Listing["leftOut"][] = [];
  for (const path of absolute) {
    const listing = await listOne(path, nameBelow(root, path) ?? basename(path), roots);
    for (const file of listing.files) files.set(file.name, file);
    leftOut.push(listing.leftOut);
  }
  return {
    listing: { files: [...files.values()], leftOut: leftOut.flat() },
    root,
    main: main[0] && nameBelow(root, main[0]),
  };
}

async function listOne(path: string, name: string, roots: readonly string[]): Promise<Listing> {
  const stats = await stat(path).catch((cause) => {
    throw unreadable(path, cause);
  });
  if (stats.isDirectory()) return listFolder({ path, name, roots });
  // macOS clutter that a shell pattern includes.
  if (basename(path).startsWith("._")) return { files: [], leftOut: [] };
  if (isSecretName(name)) return { files: [], leftOut: [{ name, reason: "secret" }] };
  if (!isUsable(name)) return { files: [], leftOut: [{ name, reason: "unusable-name" }] };
  return { files: [{ name, path }], leftOut: [] };
}

function commonFolder(paths: readonly string[]): string {
  let folder = dirname(paths[0] ?? "");
  while (!paths.every((path) => nameBelow(folder, path) !== undefined)) {
    const parent = dirname(folder);
    if (parent === folder) break;
    folder = parent;
  }
  return folder;
}

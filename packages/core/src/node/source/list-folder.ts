import type { Dirent, Stats } from "node:fs";
import { lstat, readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, isAbsolute, join, relative, sep } from "node:path";
import { glob } from "tinyglobby";
import type { LeftOut } from "../../scene/preflight/index.ts";
import { isClutter, isSecretName } from "../../scene/preflight/no-scene-files.ts";

/** Links to each other can make a small folder endless. */
const MAX_VISITS = 120_000;

export interface ListedFile {
  /** Relative to the folder, with `/`. */
  readonly name: string;
  readonly path: string;
}

export interface Listing {
  readonly files: ListedFile[];
  /** What was excluded; clutter is not listed. */
  readonly leftOut: LeftOut[];
}

export interface ListOptions {
  readonly path: string;
  /** A prefix for the names of all files. @default none */
  readonly name?: string | undefined;
  /** Real paths that links may point into. @default the folder itself */
  readonly roots?: readonly string[] | undefined;
  /** How many files and folders are visited. @default 120,000 */
  readonly maxVisits?: number | undefined;
}

interface Folder {
  readonly path: string;
  /** The name of the folder in the archive; empty for the root. */
  readonly name: string;
  /** The real paths of the folder and its parents, to detect links that form a loop. */
  readonly chain: readonly string[];
}

/**
 * Lists the contents of a folder, sorted by name. Links are followed if they stay within the folder. Keys, passwords,
 * repositories and frames of earlier renders are left out.
 */
export async function listFolder({
  path,
  name: rootName = "",
  roots,
  maxVisits = MAX_VISITS,
}: ListOptions): Promise<Listing> {
  const root = await realpath(path);
  const allowed = roots ?? [root];
  const downloaded = await readDownloaded(root);
  const listing: Listing = { files: [], leftOut: [] };
  let visits = 0;

  async function visitFolder(folder: Folder): Promise<void> {
    const entries = await readdir(folder.path, { withFileTypes: true }).catch(() => undefined);
    if (!entries) return leaveOut(folder.name || ".", "unreadable");
    if (folder.name !== rootName && entries.some(isRecordFolder))
      return leaveOut(folder.name, "output-folder");
    for (const entry of entries.sort(byName)) {
      visits += 1;
      if (visits > maxVisits) return;
      if (!isClutter(entry.name)) await visit(folder, entry);
    }
  }

  async function visit(folder: Folder, entry: Dirent): Promise<void> {
    const path = join(folder.path, entry.name);
    const name = folder.name === "" ? entry.name : `${folder.name}/${entry.name}`;
    if (isSecretName(name)) return leaveOut(name, "secret");
    if (downloaded.has(path)) return leaveOut(name, "downloaded");
    if (!isUsable(name) || (await isGarbled(path))) return leaveOut(name, "unusable-name");
    if (entry.isSymbolicLink()) return followLink(folder, path, name);
    const real = join(folder.chain.at(-1) ?? root, entry.name);
    return add({ folder, path, name, real, stats: entry });
  }

  async function followLink(folder: Folder, path: string, name: string): Promise<void> {
    const real = await realpath(path).catch(() => undefined);
    const stats = real === undefined ? undefined : await stat(real).catch(() => undefined);
    if (real === undefined || !stats) return leaveOut(name, "link-broken");
    const home = allowed.find((folder) => real === folder || nameBelow(folder, real) !== undefined);
    if (home === undefined) return leaveOut(name, "link-outside");
    if (isSecretName(nameBelow(home, real) ?? "")) return leaveOut(name, "secret");
    return add({ folder, path, name, real, stats });
  }

  async function add(found: {
    folder: Folder;
    path: string;
    name: string;
    real: string;
    stats: Dirent | Stats;
  }): Promise<void> {
    const { folder, path, name, real, stats } = found;
    if (stats.isFile()) listing.files.push({ name, path });
    else if (!stats.isDirectory()) leaveOut(name, "special-file");
    else if (folder.chain.includes(real)) leaveOut(name, "link-loop");
    else await visitFolder({ path, name, chain: [...folder.chain, real] });
  }

  function leaveOut(name: string, reason: LeftOut["reason"]): void {
    listing.leftOut.push({ name, reason });
  }

  await visitFolder({ path: root, name: rootName, chain: [root] });
  if (visits > maxVisits) leaveOut(basename(root), "too-many");
  return listing;
}

/** Files that were downloaded into the folder of the scene itself, which cannot be excluded as a whole. */
async function readDownloaded(folder: string): Promise<Set<string>> {
  const records = await glob(".renderjuice/*.jsonl", { cwd: folder, dot: true, absolute: true });
  const texts = await Promise.all(records.map((record) => readFile(record, "utf8").catch(() => "")));
  const names = texts.flatMap((text) => [...text.matchAll(/"relativePath":("(?:[^"\\]|\\.)*")/g)]);
  return new Set(names.map(([, name = '""']) => join(folder, JSON.parse(name))));
}

/** Downloads leave a record next to their files. */
function isRecordFolder(entry: Dirent): boolean {
  return entry.name === ".renderjuice" && entry.isDirectory();
}

/** In an archive, `\` is read as `/`, and `a:b.png` as a drive. */
export function isUsable(name: string): boolean {
  return sep === "\\" || !(name.includes("\\") || /^[A-Za-z]:/.test(name));
}

/** A name that is not UTF-8 is read with replacement characters, and no file has that name. */
async function isGarbled(path: string): Promise<boolean> {
  return path.includes("\uFFFD") && !(await lstat(path).catch(() => undefined));
}

/** @returns with `/`; undefined if the path is not below the folder */
export function nameBelow(folder: string, path: string): string | undefined {
  const name = relative(folder, path);
  const isOutside = name === "" || name === ".." || name.startsWith(`..${sep}`) || isAbsolute(name);
  return isOutside ? undefined : name.split(sep).join("/");
}

function byName(one: Dirent, other: Dirent): number {
  return one.name < other.name ? -1 : 1;
}

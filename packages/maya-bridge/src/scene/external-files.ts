import { readdir, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, parse, posix, relative, sep } from "node:path";
import type { Reference } from "./blend-facts.ts";

/**
 * A file's place in the archive: files in the `.blend`'s folder or below keep theirs; others go below `external/`, with
 * all their folders, so that linked files still find each other.
 */
export function placeOf(file: string, blendFolder: string): string {
  const inside = relative(blendFolder, file);
  if (!inside.startsWith("..") && !isAbsolute(inside)) return inside.split(sep).join("/");
  return externalPlaceOf(file);
}

export function externalPlaceOf(file: string): string {
  const { root } = parse(file);
  const drive = root.replace(/[^A-Za-z0-9]+/g, "_").replace(/^_|_$/g, "");
  return ["external", drive, ...file.slice(root.length).split(sep)].filter(Boolean).join("/");
}

/**
 * The place that a linked `.blend` expects a file at, since its paths cannot be changed.
 *
 * @returns undefined if it is outside the archive: an absolute path, or one that leads out of it
 */
export function placeOfLinked({ raw }: Reference, libraryPlace: string): string | undefined {
  if (!raw.startsWith("//")) return undefined;
  const place = posix.normalize(posix.join(posix.dirname(libraryPlace), raw.slice(2).replaceAll("\\", "/")));
  return place.startsWith("..") ? undefined : place;
}

/** @returns the absolute paths of the files that a reference stands for; empty if they are missing */
export async function filesOf({ file, span }: Pick<Reference, "file" | "span">): Promise<string[]> {
  if (span === "file" || span === "folder") {
    const found = await stat(file).catch(() => undefined);
    const isRight = span === "folder" ? found?.isDirectory() : found?.isFile();
    return isRight ? [file] : [];
  }
  const names = await readdir(dirname(file)).catch(() => []);
  return names
    .filter((name) => standsFor(basename(file), name, span))
    .sort()
    .map((name) => join(dirname(file), name));
}

/** Whether a numbered name also stands for another one: `smoke_0001.vdb` for its whole sequence. */
function standsFor(pattern: string, name: string, span: "sequence" | "tiles"): boolean {
  const token = span === "tiles" ? /<UDIM>|<UVTILE>/i : /\d+(?=\D*$)/;
  const found = token.exec(pattern);
  if (!found) return name === pattern;
  const before = pattern.slice(0, found.index);
  const after = pattern.slice(found.index + found[0].length);
  const number = name.slice(before.length, name.length - after.length);
  const isNumber = span === "tiles" ? /^(\d{4}|u\d+_v\d+)$/ : /^\d+$/;
  return name.startsWith(before) && name.endsWith(after) && isNumber.test(number);
}

import { readdir, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, parse, posix, relative, sep } from "node:path";
import type { Reference } from "./blend-facts.ts";

/**
 * Where a file goes in the archive: what lies beside the `.blend` or below keeps its place; what lies elsewhere goes below
 * `external/`, with all its folders, so that linked files find each other as before.
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
 * Where something that a linked `.blend` names has to be, since that name cannot be changed.
 *
 * @returns undefined when that is no place in the archive: an absolute path, or one that leads out of it
 */
export function placeOfLinked({ raw }: Reference, libraryPlace: string): string | undefined {
  if (!raw.startsWith("//")) return undefined;
  const place = posix.normalize(posix.join(posix.dirname(libraryPlace), raw.slice(2).replaceAll("\\", "/")));
  return place.startsWith("..") ? undefined : place;
}

/** @returns the files that a reference stands for, absolute; none when they are missing */
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

/** Whether a numbered name stands for another one too: `smoke_0001.vdb` for all of its sequence. */
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

import { basename, dirname, extname, join, parse } from "node:path";
import type { ExternalFile } from "../../blend/facts/external-file.ts";
import type { Folders } from "./resolve-path.ts";

/** The files that one reference of a scene stands for. */
export interface ExpectedFiles {
  readonly found: readonly string[];
  readonly missing: readonly string[];
}

/** More gaps than anybody reads; also the limit for sequences that a damaged file calls endless. */
const MAX_MISSING = 1000;
/** The last number of a name: `plate_v2_0001.exr`. */
const NUMBER = /\d+(?=\D*$)/;
const TILE_TOKEN = /<UDIM>|<UVTILE>/;

/** Which files on disk a reference means, and which of them are not there. */
export async function expectedFiles(
  { extent, names, tiles, frames }: ExternalFile,
  target: string,
  folders: Folders,
): Promise<ExpectedFiles> {
  switch (extent) {
    case "file":
    case "folder":
      return sort([target], folders);
    case "list":
      return sort(
        names.map((name) => join(dirname(target), name)),
        folders,
      );
    case "tiles":
      return findTiles(target, tiles, folders);
    case "sequence":
      return findSequence(target, frames, folders);
    default:
      return extent satisfies never;
  }
}

async function sort(paths: readonly string[], folders: Folders): Promise<ExpectedFiles> {
  const found: string[] = [];
  const missing: string[] = [];
  for (const path of paths) ((await folders.has(path)) ? found : missing).push(path);
  return { found, missing: missing.slice(0, MAX_MISSING) };
}

/** All tiles of the list, and all others that lie beside them: Blender may have forgotten some. */
async function findTiles(target: string, tiles: readonly number[], folders: Folders): Promise<ExpectedFiles> {
  const folder = dirname(target);
  const pattern = basename(target);
  // Blender 2.8 stored the number of the first tile instead of a token.
  const named = TILE_TOKEN.test(pattern) ? pattern : pattern.replace("1001", "<UDIM>");
  const expected = new Set(tiles.map((tile) => join(folder, nameTile(named, tile))));
  const [before = "", after = ""] = named.split(TILE_TOKEN);
  const others = [...(await folders.namesIn(folder))].filter(
    (name) =>
      name.startsWith(before) &&
      name.endsWith(after) &&
      /^(?:\d{4}|u\d+_v\d+)$/.test(name.slice(before.length, name.length - after.length)),
  );
  for (const name of others) expected.add(join(folder, name));
  return sort([...expected].sort(), folders);
}

function nameTile(pattern: string, tile: number): string {
  const index = tile - 1001;
  return pattern
    .replace("<UDIM>", String(tile))
    .replace("<UVTILE>", `u${(index % 10) + 1}_v${Math.floor(index / 10) + 1}`);
}

/** The files with another number in the same place. Those that are used and absent are missing. */
async function findSequence(
  target: string,
  frames: ExternalFile["frames"],
  folders: Folders,
): Promise<ExpectedFiles> {
  const name = basename(target);
  // An extension may have a number too: `.jp2`.
  const stem = parse(name).name;
  const [number] = NUMBER.exec(stem) ?? [];
  if (number === undefined) return sort([target], folders);
  const [before = "", end = ""] = stem.split(NUMBER);
  const after = end + extname(name);
  const folder = dirname(target);
  const found = [...(await folders.namesIn(folder))]
    .filter((other) => other.startsWith(before) && other.endsWith(after))
    .filter((other) => /^\d+$/.test(other.slice(before.length, other.length - after.length)))
    .sort()
    .map((other) => join(folder, other));
  if (found.length === 0) return { found, missing: [target] };
  if (frames === undefined) return { found, missing: [] };
  const present = new Set(
    found.map((path) => Number(basename(path).slice(before.length, -after.length || undefined))),
  );
  const missing: string[] = [];
  for (let frame = frames.first; frame <= frames.last && missing.length < MAX_MISSING; frame++) {
    if (present.has(frame)) continue;
    missing.push(join(folder, `${before}${String(frame).padStart(number.length, "0")}${after}`));
  }
  return { found, missing };
}

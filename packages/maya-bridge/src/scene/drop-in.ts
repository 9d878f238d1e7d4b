import { basename, dirname, extname, join } from "node:path";
import { ConfigError } from "@renderjuice/core";
import type { JobRequest } from "../job/job-request.ts";
import { filesOf, placeOf } from "./external-files.ts";
import { isCache, readNamedFiles } from "./read-named-files.ts";
import { SourceFolder } from "./source-folder.ts";
import type { PrepareScene } from "./types.ts";

/**
 * The studio's `.blend` at the top, the caches below `caches/`, where it reads them, and the files next to it that it
 * refers to. The caches are named after the nodes in Maya, so the names stay the same from one submission to the next.
 */
export const dropIn: PrepareScene = async (request, { folder }) => {
  const blend = blendOf(request);
  const source = await SourceFolder.create(folder, basename(blend, extname(blend)));
  await source.put(blend, basename(blend));
  for (const { path } of request.caches) await source.put(path, `caches/${basename(path)}`);
  const warnings = await packNamed(blend, source);
  return {
    sourcePaths: [source.path],
    report: {
      route: "drop-in",
      packed: source.packed,
      notes: [],
      warnings,
      staysBehind: request.dependencies,
      loss: null,
    },
  };
};

/** @throws ConfigError if the request has none */
export function blendOf({ blend }: JobRequest): string {
  if (blend !== null) return blend;
  throw new ConfigError({
    code: "invalid_option",
    option: "blend",
    message: "There is no .blend for the caches.",
    hint: 'Pass blend="…/shot.blend" to renderjuice_maya.submit().',
  });
}

const ADVICE = 'mode="re-point" sets such paths in a copy.';

/** What can be done without Blender. @returns warnings about files that the `.blend` refers to and will not find */
async function packNamed(blend: string, source: SourceFolder): Promise<string[]> {
  const named = await readNamedFiles(blend);
  if (!named) {
    return [`Could not read ${basename(blend)}, so it was not checked that it reads the caches.`];
  }
  const others = named.filter((path) => !isCache(path));
  return [
    ...compareCaches(basename(blend), named.filter(isCache), source.packed),
    ...(await packOthers(blend, others, source)),
  ];
}

function compareCaches(blendName: string, named: readonly string[], packed: readonly string[]): string[] {
  const read = new Set(named.filter(isRelative).map(insideOf));
  const caches = packed.filter((place) => place.startsWith("caches/"));
  return [
    ...named
      .filter((path) => !isRelative(path))
      .map(
        (path) =>
          `${blendName} refers to ${path} by its full path, which does not exist on the farm. ${ADVICE}`,
      ),
    ...[...read]
      .filter((place) => !caches.includes(place))
      .map((place) => `${blendName} refers to ${place}, which was not packed. ${ADVICE}`),
    ...caches
      .filter((place) => !read.has(place))
      .map((place) => `${blendName} does not refer to ${place}: it seems to read another file. ${ADVICE}`),
  ];
}

/** Packs what is in the `.blend`'s folder or below. @returns a warning for each existing file that is elsewhere */
async function packOthers(blend: string, named: readonly string[], source: SourceFolder): Promise<string[]> {
  const warnings: string[] = [];
  for (const path of named) {
    const file = isRelative(path) ? join(dirname(blend), insideOf(path)) : path;
    const found = (await filesOf({ file, span: spanOf(file) })).filter((one) => one !== blend);
    if (found.length === 0) continue;
    const places = found.map((one) => placeOf(one, dirname(blend)));
    if (!isRelative(path) || places.some((place) => place.startsWith("external/"))) {
      warnings.push(
        `${basename(blend)} refers to ${path}, which is only on the farm if it is packed into the .blend. ${ADVICE}`,
      );
      continue;
    }
    for (const [index, one] of found.entries()) await source.put(one, places[index] ?? "");
    if (path.endsWith(".blend")) warnings.push(`Files that ${path} needs were not searched for. ${ADVICE}`);
  }
  return warnings;
}

const isRelative = (path: string) => path.startsWith("//");
const insideOf = (path: string) => path.slice(2).replaceAll("\\", "/");

function spanOf(file: string): Parameters<typeof filesOf>[0]["span"] {
  if (/<UDIM>|<UVTILE>/i.test(file)) return "tiles";
  return file.endsWith(".vdb") ? "sequence" : "file";
}

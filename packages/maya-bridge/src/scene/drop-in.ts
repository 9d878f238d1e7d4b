import { basename, extname } from "node:path";
import { ConfigError } from "@renderjuice/core";
import type { JobRequest } from "../job/job-request.ts";
import { readCachePaths } from "./read-cache-paths.ts";
import { SourceFolder } from "./source-folder.ts";
import type { PrepareScene } from "./types.ts";

/**
 * The studio's `.blend` at the top, the caches below `caches/`, where it reads them. Their names are those of the nodes in
 * Maya, so they are the same from one submission to the next.
 */
export const dropIn: PrepareScene = async (request, { folder }) => {
  const blend = blendOf(request);
  const source = await SourceFolder.create(folder, basename(blend, extname(blend)));
  await source.put(blend, basename(blend));
  for (const { path } of request.caches) await source.put(path, `caches/${basename(path)}`);
  return {
    sourcePaths: [source.path],
    report: {
      route: "drop-in",
      packed: source.packed,
      notes: [],
      warnings: await compare(blend, source),
      staysBehind: request.dependencies,
      loss: null,
    },
  };
};

/** @throws ConfigError when the request has none */
export function blendOf({ blend }: JobRequest): string {
  if (blend !== null) return blend;
  throw new ConfigError({
    code: "invalid_option",
    option: "blend",
    message: "There is no .blend to put the caches into.",
    hint: 'Pass blend="…/shot.blend" to renderjuice_maya.submit().',
  });
}

/** What can be seen without Blender: which caches the `.blend` names, and whether they are there. */
async function compare(blend: string, source: SourceFolder): Promise<string[]> {
  const advice = 'mode="re-point" sets such paths in a copy.';
  const named = await readCachePaths(blend);
  if (named === undefined) {
    return [`${basename(blend)} could not be looked into: whether it reads the caches was not checked.`];
  }
  const read = new Set(
    named.filter((path) => path.startsWith("//")).map((path) => path.slice(2).replaceAll("\\", "/")),
  );
  const packed = source.packed.filter((place) => place.startsWith("caches/"));
  return [
    ...named
      .filter((path) => !path.startsWith("//"))
      .map(
        (path) => `${basename(blend)} names ${path} by its full path, which is not on the farm. ${advice}`,
      ),
    ...[...read]
      .filter((place) => !packed.includes(place))
      .map((place) => `${basename(blend)} names ${place}, which was not packed. ${advice}`),
    ...packed
      .filter((place) => !read.has(place))
      .map((place) => `${basename(blend)} does not name ${place}: it seems to read another file. ${advice}`),
  ];
}

import { realpath } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import { RenderjuiceError } from "../../errors/index.ts";
import type { SceneReference, SourceFacts } from "../../scene/preflight/source-facts.ts";
import { type Dependency, findDependencies } from "./find-dependencies.ts";

/**
 * What the scene to render says about itself, and which of its files are sent with it. Nothing if it cannot be read: Blender
 * may still open it.
 *
 * @param sent the files that are sent
 */
export async function readSceneOnDisk(
  path: string,
  sent: readonly string[],
): Promise<Pick<SourceFacts, "scene" | "references">> {
  try {
    const { facts, dependencies } = await findDependencies(path);
    const outside = dependencies.filter(({ isPacked }) => !isPacked);
    const sentFiles = new Set(await Promise.all(sent.map(realPath)));
    const describe = async (dependency: Dependency) =>
      describeReference(dependency, resolve(path), sentFiles);
    return { scene: facts, references: await Promise.all(outside.map(describe)) };
  } catch (error) {
    if (RenderjuiceError.isInstance(error)) return {};
    throw error;
  }
}

/**
 * Files that a scene, or a library of it, refers to by relative paths: where they are now, the farm finds them in the same
 * place. Empty if the scene cannot be read.
 */
export async function filesBeside(path: string): Promise<string[]> {
  try {
    const { dependencies } = await findDependencies(path);
    const relative = dependencies.filter(({ isPacked, isRelative }) => !isPacked && isRelative);
    const places = new Set(relative.flatMap(({ found }) => found));
    // A cache folder may be the scene's own folder, or one above it: that is a whole project.
    return [...places].filter((place) => !resolve(path).startsWith(place + sep));
  } catch (error) {
    if (RenderjuiceError.isInstance(error)) return [];
    throw error;
  }
}

async function describeReference(
  { owner, usedBy, path, isRelative, extent, found, missing, otherCase, isForeign }: Dependency,
  scene: string,
  sent: ReadonlySet<string>,
): Promise<SceneReference> {
  const places = await Promise.all(found.map(realPath));
  return {
    owner,
    path,
    extent,
    usedBy: usedBy === scene ? undefined : relative(dirname(scene), usedBy),
    // An absolute path leads nowhere on the farm, even if the file is sent.
    isSent: isRelative && places.every((place) => isAmong(place, sent)),
    missing: isForeign ? [path] : missing,
    otherCase,
    isForeign,
  };
}

/** A folder is sent if anything in it is. */
function isAmong(place: string, sent: ReadonlySet<string>): boolean {
  return sent.has(place) || [...sent].some((file) => file.startsWith(place + sep));
}

/** Links give a file several names. */
function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}

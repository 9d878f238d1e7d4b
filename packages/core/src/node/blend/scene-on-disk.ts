import { realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, relative, resolve, sep } from "node:path";
import { RenderjuiceError } from "../../errors/index.ts";
import { isSecretName } from "../../scene/preflight/no-scene-files.ts";
import type { SceneReference, SourceFacts } from "../../scene/preflight/source-facts.ts";
import { type Dependency, findDependencies } from "./find-dependencies.ts";

/** What scenes consist of. A scene from elsewhere must not decide that anything else leaves this machine. */
const SCENE_FILE =
  /\.(?:blend|png|jpe?g|exr|tiff?|tga|bmp|hdr|dpx|cin|webp|jp2|j2c|rgb|sgi|psd|mp4|m4v|mov|mkv|avi|webm|ogv|mpe?g|dv|flv|vdb|abc|usd[acz]?|wav|mp3|flac|ogg|aac|m4a|opus|aiff?|ttf|otf|ttc|pfb|woff2?|mdd|pc2|ies|osl|oso|btx|obj|ply|stl)$/i;

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
  const inspection = await inspectIfPossible(path);
  if (!inspection) return {};
  const outside = inspection.dependencies.filter(({ isPacked }) => !isPacked);
  const places = new RealPaths();
  const known = new Set<string>();
  for (const file of sent) {
    const place = await places.of(file);
    // A folder is sent if anything in it is.
    for (let at = place; !known.has(at); at = dirname(at)) known.add(at);
  }
  const references: SceneReference[] = [];
  for (const dependency of outside) {
    references.push(await describeReference(dependency, resolve(path), known, places));
  }
  return { scene: inspection.facts, references };
}

/**
 * Files that a scene, or a library that is sent with it, refers to by relative paths: where they are now, the farm finds
 * them in the same place. Empty if the scene cannot be read.
 */
export async function filesBeside(path: string): Promise<string[]> {
  const scene = resolve(path);
  const inspection = await inspectIfPossible(path);
  const followed = new Set([scene]);
  const files = new Set<string>();
  for (const dependency of inspection?.dependencies ?? []) {
    const { usedBy, isPacked, isRelative, problem, kind, found, extent } = dependency;
    if (isPacked || !isRelative || problem !== undefined || !followed.has(usedBy)) continue;
    for (const file of found) {
      if (files.has(file) || !(await mayBeSent(file, scene, extent === "folder"))) continue;
      files.add(file);
      if (kind === "library") followed.add(file);
    }
  }
  return [...files];
}

async function inspectIfPossible(path: string) {
  try {
    return await findDependencies(path);
  } catch (error) {
    if (RenderjuiceError.isInstance(error)) return undefined;
    throw error;
  }
}

async function mayBeSent(file: string, scene: string, isFolder: boolean): Promise<boolean> {
  const stats = await stat(file).catch(() => undefined);
  const place = await realpath(file).catch(() => file);
  if (isFolder ? !stats?.isDirectory() : !stats?.isFile()) return false;
  if (isSecretName(place) || isFarAway(file, scene)) return false;
  // A cache folder may be the scene's own folder, or one above it: that is a whole project.
  if (isFolder) return !(scene.startsWith(file + sep) || (await realpath(scene)).startsWith(place + sep));
  // The archive identifies the scene to render by its name.
  return SCENE_FILE.test(file) && SCENE_FILE.test(place) && basename(file) !== basename(scene);
}

/** Whether only the home folder, or one above it, holds both: that is not a project. */
function isFarAway(file: string, scene: string): boolean {
  let common = dirname(scene);
  if (file.startsWith(common + sep)) return false;
  while (!file.startsWith(common + sep) && dirname(common) !== common) common = dirname(common);
  return dirname(common) === common || homedir() === common || homedir().startsWith(common + sep);
}

async function describeReference(
  { owner, usedBy, path, isRelative, extent, found, missing, otherCase, isForeign }: Dependency,
  scene: string,
  sent: ReadonlySet<string>,
  places: RealPaths,
): Promise<SceneReference> {
  let isSent = isRelative;
  for (const file of found) isSent &&= sent.has(await places.of(file));
  return {
    owner,
    path,
    extent,
    usedBy: usedBy === scene ? undefined : relative(dirname(scene), usedBy),
    // An absolute path leads nowhere on the farm, even if the file is sent.
    isSent,
    missing: isForeign ? [path] : missing,
    otherCase,
    isForeign,
  };
}

/** Links give a file several names; a sequence asks for the same ones again and again. */
class RealPaths {
  readonly #known = new Map<string, Promise<string>>();

  of(path: string): Promise<string> {
    const known = this.#known.get(path) ?? realpath(path).catch(() => resolve(path));
    this.#known.set(path, known);
    return known;
  }
}

import { dirname, resolve } from "node:path";
import type { ExternalFile } from "../../blend/facts/external-file.ts";
import type { SceneFacts } from "../../blend/facts/scene-facts.ts";
import { RenderjuiceError } from "../../errors/index.ts";
import { expectedFiles } from "./expected-files.ts";
import { inspectScene } from "./inspect-scene.ts";
import { Folders, resolvePath } from "./resolve-path.ts";

/** A file outside the scene, with what is on disk. */
export interface Dependency extends ExternalFile {
  /** The `.blend` on disk that refers to it: the scene, or a library. */
  readonly usedBy: string;
  /** Where it should be: an absolute path, or the stored one if it is of another system. */
  readonly target: string;
  /** Whether the path is of another system, such as `C:\textures` on Linux. */
  readonly isForeign: boolean;
  /** Absolute paths. Empty if the content is in the `.blend`. */
  readonly found: readonly string[];
  /** Absolute paths of files that are used and do not exist, at most 1000. Empty if the content is in the `.blend`. */
  readonly missing: readonly string[];
  /** What lies there instead: a name that differs only in case. */
  readonly otherCase: string | undefined;
  /** Why a library could not be read. What it refers to is not known then. */
  readonly problem: string | undefined;
}

/** A scene on disk with everything that it refers to. */
export interface SceneInspection {
  readonly facts: SceneFacts;
  readonly dependencies: readonly Dependency[];
}

/** More libraries than any production has. */
const MAX_LIBRARIES = 2000;

/**
 * Reads a scene and the libraries that it links, libraries of libraries included, and looks for every file that they refer
 * to. Nothing is rendered, and no Blender is needed.
 *
 * @throws BlendFileError, UploadError if the scene itself cannot be read
 * @example
 * ```ts
 * const { dependencies } = await findDependencies("shot.blend");
 * for (const { path, missing } of dependencies) if (missing.length > 0) console.log(path);
 * ```
 */
export async function findDependencies(path: string): Promise<SceneInspection> {
  const scene = resolve(path);
  const facts = await inspectScene(path);
  const folders = new Folders();
  const dependencies: Dependency[] = [];
  const seen = new Set([scene]);
  const waiting = [{ path: scene, files: facts.files }];
  for (let next = waiting.shift(); next && seen.size <= MAX_LIBRARIES; next = waiting.shift()) {
    for (const file of next.files) {
      const dependency = await lookFor(file, next.path, folders);
      const [library] = file.kind === "library" && !file.isPacked ? dependency.found : [];
      if (library === undefined || seen.has(library)) {
        dependencies.push(dependency);
        continue;
      }
      seen.add(library);
      const { files, problem } = await readLibrary(library);
      waiting.push({ path: library, files });
      dependencies.push({ ...dependency, problem });
    }
  }
  return { facts, dependencies };
}

async function lookFor(file: ExternalFile, usedBy: string, folders: Folders): Promise<Dependency> {
  // A packed library of Blender 5 brings its own idea of where `//` is.
  const home = file.library === undefined ? usedBy : resolvePath(file.library, dirname(usedBy)).target;
  const { target, isForeign } = resolvePath(file.path, dirname(home));
  const base = { ...file, usedBy, target, isForeign, problem: undefined, otherCase: undefined };
  if (file.isPacked) return { ...base, found: [], missing: [] };
  if (isForeign) return { ...base, found: [], missing: [target] };
  const { found, missing } = await expectedFiles(file, target, folders);
  const [first] = missing;
  return { ...base, found, missing, otherCase: first && (await folders.likeNameOf(first)) };
}

async function readLibrary(
  path: string,
): Promise<{ files: readonly ExternalFile[]; problem: string | undefined }> {
  try {
    return { files: (await inspectScene(path)).files, problem: undefined };
  } catch (error) {
    if (!RenderjuiceError.isInstance(error)) throw error;
    return { files: [], problem: error.message };
  }
}

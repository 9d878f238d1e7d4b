import { existsSync } from "node:fs";
import { access, constants, realpath } from "node:fs/promises";
import { basename, delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The paths of Blender's program and our scripts for it. */
export interface BlenderProgram {
  /** As the user gave it: a path, or a name that `PATH` resolves. */
  readonly executable: string;
  /** The file itself, behind links; undefined if it is not known. */
  readonly realPath: string | undefined;
  readonly scriptsDir: string;
  /** Folder of a studio's color configuration, which the scene's colors need. */
  readonly colorConfigDir: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

export async function locateProgram(executable: string, env: Environment): Promise<BlenderProgram> {
  const { OCIO } = env;
  return {
    executable,
    realPath: await findRealPath(executable, env),
    scriptsDir: findScripts(),
    colorConfigDir: OCIO !== undefined && isAbsolute(OCIO) && existsSync(OCIO) ? dirname(OCIO) : undefined,
  };
}

async function findRealPath(executable: string, env: Environment): Promise<string | undefined> {
  const isName = basename(executable) === executable;
  const folders = isName ? (env.PATH ?? "").split(delimiter).filter(Boolean) : [""];
  for (const folder of folders) {
    const candidate = resolve(folder, executable);
    const isThere = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return behindSnap(candidate, await realpath(candidate));
  }
  return undefined;
}

/** `/snap/bin/blender` is a link to snap, which does not start in a cell; the program that snap starts does. */
async function behindSnap(path: string, real: string): Promise<string> {
  if (basename(real) !== "snap") return real;
  const name = basename(path);
  return realpath(join("/snap", name, "current", name)).catch(() => real);
}

/** The Python scripts are next to `src` and `dist`, in the package's folder. */
function findScripts(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "blender", "run_request.py"))) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new Error("The sandbox package is incomplete: blender/run_request.py is missing.");
    folder = parent;
  }
  return join(folder, "blender");
}

import { execFile } from "node:child_process";
import { access, constants, glob } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { BlenderNotFoundError } from "./blender-not-found-error.ts";
import { type BlenderVersion, isAtLeast, parseBlenderVersion } from "./blender-version.ts";
import { installPlaces } from "./install-places.ts";

const VERSION_TIMEOUT_MS = 60_000;

/** A Blender that starts. */
export interface Blender {
  /** An absolute path, or a name to be found on the `PATH`. */
  readonly executable: string;
  readonly version: BlenderVersion;
  /** Where it was found, for display. */
  readonly foundBy: string;
}

export interface FindBlenderOptions {
  /** The path of the executable. If it is given, nothing else is tried. */
  readonly executable?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly platform?: NodeJS.Platform | undefined;
}

/**
 * Looks for Blender in the option, `RENDERJUICE_BLENDER`, the `PATH` and the usual install locations, in this order.
 *
 * @throws BlenderNotFoundError if there is none, if it does not start, or if it is older than 3.0
 * @example
 * const { executable, version } = await findBlender();
 */
export async function findBlender(options: FindBlenderOptions = {}): Promise<Blender> {
  const env = options.env ?? process.env;
  const platform = options.platform ?? process.platform;
  if (options.executable) return await ask(options.executable, "the executable option");
  if (env.RENDERJUICE_BLENDER) return await ask(env.RENDERJUICE_BLENDER, "RENDERJUICE_BLENDER");
  const onPath = await findOnPath(env, platform);
  if (onPath) return await ask(onPath, "PATH");
  const installed = await findInstalled(env, platform);
  if (installed) return await ask(installed, "its usual install location");
  throw new BlenderNotFoundError("Blender was not found.", { platform });
}

async function ask(executable: string, foundBy: string): Promise<Blender> {
  const version = parseBlenderVersion(await readVersion(executable, foundBy));
  if (!version) throw new BlenderNotFoundError(`${executable} (from ${foundBy}) is not Blender.`);
  if (!isAtLeast(version, 3, 0)) {
    throw new BlenderNotFoundError(
      `${executable} is Blender ${version.join(".")}; 3.0 or later is required.`,
    );
  }
  return { executable, version, foundBy };
}

async function readVersion(executable: string, foundBy: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(executable, ["--version"], { timeout: VERSION_TIMEOUT_MS });
    return stdout;
  } catch (error) {
    throw new BlenderNotFoundError(`${executable} (from ${foundBy}) could not be started.`, { cause: error });
  }
}

async function findOnPath(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): Promise<string | undefined> {
  const name = platform === "win32" ? "blender.exe" : "blender";
  for (const folder of (env.PATH ?? env.Path ?? "").split(delimiter).filter(Boolean)) {
    const candidate = join(folder, name);
    if (await isExecutable(candidate)) return candidate;
  }
  return undefined;
}

async function findInstalled(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): Promise<string | undefined> {
  for (const place of installPlaces(platform, env)) {
    const found: string[] = [];
    for await (const path of glob(place)) found.push(path);
    const [newest] = found.sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
    if (newest) return newest;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

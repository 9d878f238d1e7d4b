import { execFile } from "node:child_process";
import { access, constants, glob } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { BlenderNotFoundError } from "./blender-not-found-error.ts";
import { type BlenderVersion, isAtLeast, parseBlenderVersion } from "./blender-version.ts";
import { installPlaces } from "./install-places.ts";

const VERSION_TIMEOUT_MS = 60_000;

export interface Blender {
  /** Absolute path, or a name that the `PATH` resolves. */
  readonly executable: string;
  readonly version: BlenderVersion;
  /** Where it was found, in words. */
  readonly foundBy: string;
}

export interface FindBlenderOptions {
  /** Path of the executable; nothing else is tried when it is given. */
  readonly executable?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly platform?: NodeJS.Platform | undefined;
}

/**
 * Looks at the option, `RENDERJUICE_BLENDER`, the `PATH` and the usual install places, in this order.
 *
 * @throws BlenderNotFoundError when there is none, when it does not start, or when it is older than 3.0.
 */
export async function findBlender(options: FindBlenderOptions = {}): Promise<Blender> {
  const env = options.env ?? process.env;
  const platform = options.platform ?? process.platform;
  if (options.executable) return await ask(options.executable, "the executable option");
  if (env.RENDERJUICE_BLENDER) return await ask(env.RENDERJUICE_BLENDER, "RENDERJUICE_BLENDER");
  const onPath = await findOnPath(env, platform);
  if (onPath) return await ask(onPath, "PATH");
  const installed = await findInstalled(env, platform);
  if (installed) return await ask(installed, "its usual install place");
  throw new BlenderNotFoundError("Blender was not found.", { platform });
}

async function ask(executable: string, foundBy: string): Promise<Blender> {
  const version = parseBlenderVersion(await readVersion(executable, foundBy));
  if (!version) throw new BlenderNotFoundError(`${executable} (from ${foundBy}) is not Blender.`);
  if (!isAtLeast(version, 3, 0)) {
    throw new BlenderNotFoundError(`${executable} is Blender ${version.join(".")}; 3.0 or newer is needed.`);
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

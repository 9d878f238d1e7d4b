import { realpath, stat } from "node:fs/promises";
import { basename, extname, isAbsolute, parse, relative, resolve, sep } from "node:path";
import { glob, isDynamicPattern } from "tinyglobby";
import { ConfigError } from "../../errors/index.ts";

const SCENE_EXTENSIONS = [".blend", ".zip"];

/** A scene that a pattern found. */
export interface FoundScene {
  /** Relative to `cwd`, with `/`; absolute if it is outside of it. */
  readonly path: string;
  /**
   * Where its frames go, relative to the common output folder. Empty for a single named scene. A pattern always gives
   * folders, however many scenes it matches today.
   */
  readonly folder: string;
}

/**
 * Finds the scenes for paths and patterns: a `.blend`, a `.zip`, a folder (one scene with everything it needs), or a glob
 * for `.blend` and `.zip` files. A pattern that starts with `!` excludes scenes.
 *
 * @returns sorted by path, each scene once, even if links give it several names
 * @throws ConfigError that lists every pattern without a match
 * @example await findScenes(["shots/*.blend"], "/project") // [{ path: "shots/a.blend", folder: "shots/a" }]
 */
export async function findScenes(patterns: readonly string[], cwd: string): Promise<FoundScene[]> {
  const ignore = patterns.filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1));
  const wanted = patterns.filter((pattern) => !pattern.startsWith("!"));
  const found = await Promise.all(wanted.map((pattern) => findOne(pattern, ignore, cwd)));
  const problems = wanted.flatMap((pattern, index) => (found[index]?.length ? [] : [describeNone(pattern)]));
  if (problems.length > 0 || wanted.length === 0) throw noScenes(problems, wanted);
  const paths = await dropTwins([...new Set(found.flat())].sort(), cwd);
  const [only = "", ...others] = wanted;
  if (others.length === 0 && (await exists(resolve(cwd, only))))
    return paths.map((path) => ({ path, folder: "" }));
  return nameFolders(paths, cwd);
}

/** Links can give a scene several names, and every job costs money. Prefers the path that is not a link. */
async function dropTwins(paths: readonly string[], cwd: string): Promise<string[]> {
  const chosen = new Map<string, string>();
  for (const path of paths) {
    const whole = resolve(cwd, path);
    const real = await realpath(whole).catch(() => whole);
    if (!chosen.has(real) || real === whole) chosen.set(real, path);
  }
  return [...chosen.values()].sort();
}

/** `shots/sh010.blend` → `shots/sh010`, unless another scene would get the same folder. */
function nameFolders(paths: readonly string[], cwd: string): FoundScene[] {
  const places = paths.map((path) =>
    path === "." ? basename(cwd) : relative(parse(path).root, path) || path,
  );
  const short = places.map((place) =>
    place
      .split(sep)
      .join("/")
      .replace(/\.(blend|zip)$/i, ""),
  );
  const isTaken = (name: string) =>
    short.filter((other) => other.toLowerCase() === name.toLowerCase()).length > 1;
  return paths.map((path, index) => {
    const folder = short[index] ?? path;
    return { path, folder: isTaken(folder) ? (places[index] ?? path) : folder };
  });
}

async function findOne(pattern: string, ignore: readonly string[], cwd: string): Promise<string[]> {
  // An existing path is taken literally, even if it contains brackets.
  if (await exists(resolve(cwd, pattern))) return [toRelative(resolve(cwd, pattern), cwd)];
  if (!isDynamicPattern(pattern)) return [];
  const paths = await glob(pattern, { cwd, ignore: [...ignore], absolute: true });
  return paths
    .filter((path) => SCENE_EXTENSIONS.includes(extname(path).toLowerCase()))
    .map((path) => toRelative(path, cwd));
}

/** Also true if access is denied: opening it will report why. */
async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) =>
      !["ENOENT", "ENOTDIR", "EINVAL", "ENAMETOOLONG"].includes(error.code ?? ""),
  );
}

function toRelative(path: string, cwd: string): string {
  const inside = relative(cwd, path);
  const isOutside = inside.startsWith("..") || isAbsolute(inside);
  return (isOutside ? path : inside || ".").split(sep).join("/");
}

function describeNone(pattern: string): string {
  return isDynamicPattern(pattern)
    ? `No .blend or .zip matches "${pattern}".`
    : `"${pattern}" does not exist.`;
}

function noScenes(problems: readonly string[], wanted: readonly string[]): ConfigError {
  // In a pattern a backslash escapes the next character.
  const backslashed = wanted.find((pattern) => pattern.includes("\\"));
  return new ConfigError({
    code: "invalid_option",
    option: "scene",
    message: problems.length > 0 ? problems.join(" ") : "No scene was given.",
    hint:
      backslashed === undefined
        ? "Give a .blend, a .zip, a folder, or a pattern such as shots/**/*.blend."
        : `Use / between folders, on Windows too: ${backslashed.replaceAll("\\", "/")}`,
  });
}

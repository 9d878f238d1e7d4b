import { stat } from "node:fs/promises";
import { extname, isAbsolute, relative, resolve, sep } from "node:path";
import { glob, isDynamicPattern } from "tinyglobby";
import { ConfigError } from "../errors/index.ts";

const SCENE_EXTENSIONS = [".blend", ".zip"];

/**
 * Finds the scenes that paths and patterns name: a `.blend`, a `.zip`, a folder (one scene with all it needs), or a
 * glob for `.blend` and `.zip` files. A pattern that begins with `!` leaves scenes out.
 *
 * @returns paths relative to `cwd`, with `/`, sorted, each once
 * @throws ConfigError that names every pattern which finds nothing.
 */
export async function findScenes(patterns: readonly string[], cwd: string): Promise<string[]> {
  const ignore = patterns.filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1));
  const wanted = patterns.filter((pattern) => !pattern.startsWith("!"));
  const found = await Promise.all(wanted.map((pattern) => findOne(pattern, ignore, cwd)));
  const problems = wanted.flatMap((pattern, index) => (found[index]?.length ? [] : [describeNone(pattern)]));
  if (problems.length > 0 || wanted.length === 0) throw noScenes(problems);
  return [...new Set(found.flat())].sort();
}

async function findOne(pattern: string, ignore: readonly string[], cwd: string): Promise<string[]> {
  // A path that exists is meant as it stands, also when it holds brackets.
  if (await exists(resolve(cwd, pattern))) return [toRelative(resolve(cwd, pattern), cwd)];
  if (!isDynamicPattern(pattern)) return [];
  const paths = await glob(pattern, { cwd, ignore: [...ignore], absolute: true });
  return paths
    .filter((path) => SCENE_EXTENSIONS.includes(extname(path).toLowerCase()))
    .map((path) => toRelative(path, cwd));
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function toRelative(path: string, cwd: string): string {
  const inside = relative(cwd, path);
  const isOutside = inside.startsWith("..") || isAbsolute(inside);
  return (isOutside ? path : inside || ".").split(sep).join("/");
}

function describeNone(pattern: string): string {
  return isDynamicPattern(pattern) ? `No .blend or .zip fits "${pattern}".` : `There is no "${pattern}".`;
}

function noScenes(problems: readonly string[]): ConfigError {
  return new ConfigError({
    code: "invalid_option",
    option: "scene",
    message: problems.length > 0 ? problems.join(" ") : "No scene was named.",
    hint: "Name a .blend, a .zip, a folder, or a pattern such as shots/**/*.blend.",
  });
}

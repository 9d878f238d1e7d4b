import { isClutter } from "./no-scene-files.ts";

/** The names of scenes, without clutter such as `._shot.blend`. */
export function sceneNames(names: readonly string[]): string[] {
  return names.filter((name) => isBlend(name) && !isClutter(name));
}

export function isBlend(name: string): boolean {
  return /\.blend$/i.test(name);
}

/**
 * Which `.blend` of an archive to render: the only one, or the only one with the name of the archive. Its folder does not
 * matter: a library may well be closer to the top than the shot that links it.
 *
 * @returns undefined if it is ambiguous
 * @example findMainScene("sh010.zip", ["shots/sh010.blend", "hero.blend"]) // "shots/sh010.blend"
 */
export function findMainScene(archiveName: string, names: readonly string[]): string | undefined {
  const scenes = sceneNames(names);
  const [only] = scenes;
  if (scenes.length === 1) return only;
  const stem = stemOf(archiveName);
  const [main, ...others] = scenes.filter((name) => stemOf(name) === stem);
  return others.length === 0 ? main : undefined;
}

/** `shots/Sh010.blend` → `sh010` */
function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name.replace(/\.[^.]*$/, "").toLowerCase();
}

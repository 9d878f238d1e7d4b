import { parse } from "node:path";
import { RenderFailure } from "./renderers/renderer.ts";

const MAX_NAMED = 5;

/**
 * The scene of an archive: its only `.blend`, or the only one with the archive's name, next to its libraries.
 *
 * @param names of all files, with `/`
 * @throws RenderFailure if there is none, or if it is not clear which one is meant.
 */
export function chooseScene(archiveName: string, names: readonly string[]): string {
  const scenes = names.filter((name) => /\.blend$/i.test(name) && !isOfMacOs(name));
  if (scenes.length === 0) throw new RenderFailure("scene_missing", "The zip has no .blend file.");
  const stem = parse(archiveName).name.toLowerCase();
  const named = scenes.filter((name) => parse(name).name.toLowerCase() === stem);
  const [scene, ...others] = scenes.length === 1 ? scenes : named;
  if (scene !== undefined && others.length === 0) return scene;
  throw new RenderFailure(
    "scene_ambiguous",
    `The zip has ${scenes.length} scenes, and it is not clear which one to render: ${listNames(scenes)}. ` +
      "Send one of them, or give the zip the name of the scene to render.",
  );
}

/** A file's attributes, which macOS stores next to it as `._shot.blend`. */
function isOfMacOs(name: string): boolean {
  return name.split("/").some((segment) => segment === "__MACOSX" || segment.startsWith("._"));
}

function listNames(names: readonly string[]): string {
  const rest = names.length - MAX_NAMED;
  return names.slice(0, MAX_NAMED).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

import { parse } from "node:path";
import { RenderFailure } from "./renderers/renderer.ts";

const MAX_NAMED = 5;

/**
 * The scene of an archive: its only `.blend`, or the only one that is named as the archive is, beside its libraries.
 *
 * @param names of all files, with `/`
 * @throws RenderFailure when there is none, or none is first: which one is meant is not guessed.
 */
export function chooseScene(archiveName: string, names: readonly string[]): string {
  const scenes = names.filter((name) => /\.blend$/i.test(name) && !isOfMacOs(name));
  if (scenes.length === 0) throw new RenderFailure("scene_missing", "The zip holds no .blend.");
  const stem = parse(archiveName).name.toLowerCase();
  const named = scenes.filter((name) => parse(name).name.toLowerCase() === stem);
  const [scene, ...others] = scenes.length === 1 ? scenes : named;
  if (scene !== undefined && others.length === 0) return scene;
  throw new RenderFailure(
    "scene_ambiguous",
    `The zip holds ${scenes.length} scenes, and it is not clear which one to render: ${listNames(scenes)}. ` +
      "Send one of them, or name the zip as the scene to render is named.",
  );
}

/** The attributes of a file, which macOS keeps beside it as `._shot.blend`. */
function isOfMacOs(name: string): boolean {
  return name.split("/").some((segment) => segment === "__MACOSX" || segment.startsWith("._"));
}

function listNames(names: readonly string[]): string {
  const rest = names.length - MAX_NAMED;
  return names.slice(0, MAX_NAMED).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

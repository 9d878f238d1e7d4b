import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A shot as a studio has it: a character, a set by reference, a camera, textures with tiles, a sound. */
export async function writeFakeScene(folder: string, changes: Record<string, unknown> = {}): Promise<string> {
  const project = join(folder, "juice project");
  await mkdir(join(project, "scenes"), { recursive: true });
  await mkdir(join(project, "sourceimages"), { recursive: true });
  for (const tile of [1001, 1002]) await writeFile(join(project, "sourceimages", `skin.${tile}.exr`), "tile");
  await writeFile(join(project, "scenes", "set.ma"), "reference");
  const scene = {
    path: join(project, "scenes", "sh010.ma"),
    project,
    references: [{ path: `${join(project, "scenes", "set.ma")}{1}`, node: "setRN" }],
    nodes: [
      {
        name: "defaultRenderGlobals",
        type: "renderGlobals",
        attributes: {
          animation: true,
          startFrame: 1,
          endFrame: 6,
          byFrameStep: 2,
          currentRenderer: "arnold",
        },
      },
      {
        name: "defaultResolution",
        type: "resolution",
        attributes: { width: 64, height: 36, pixelAspect: 1 },
      },
      { name: "|persp", type: "transform", attributes: {} },
      { name: "|persp|perspShape", type: "camera", attributes: { renderable: false } },
      { name: "|shotCam", type: "transform", attributes: {} },
      {
        name: "|shotCam|shotCamShape",
        type: "camera",
        attributes: {
          renderable: true,
          focalLength: 35,
          horizontalFilmAperture: 1.4173,
          verticalFilmAperture: 0.7972,
          filmFit: 1,
          nearClipPlane: 0.1,
          farClipPlane: 10_000,
        },
      },
      { name: "|hero_grp", type: "transform", attributes: {} },
      { name: "|set:house", type: "transform", attributes: {} },
      {
        name: "skinFile",
        type: "file",
        attributes: {
          fileTextureName: "sourceimages/skin.1001.exr",
          computedFileTextureNamePattern: "sourceimages/skin.<UDIM>.exr",
        },
        inEditor: ["fileTextureName"],
        usedAsFilename: ["fileTextureName"],
      },
      { name: "voice", type: "audio", attributes: { filename: "sound/voice.wav" } },
      {
        name: "oddPlugin",
        type: "studioScatter",
        attributes: { pointFile: "cache/points.bin" },
        usedAsFilename: ["pointFile"],
      },
    ],
    ...changes,
  };
  const sceneFile = join(folder, "scene.json");
  await writeFile(sceneFile, JSON.stringify(scene));
  return sceneFile;
}

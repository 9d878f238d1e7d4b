import type { SceneFacts } from "../../blend/facts/scene-facts.ts";
import type { SceneSettings } from "../../blend/facts/scene-settings.ts";
import { expandFrames } from "../../frame-ranges/index.ts";
import { listNames } from "../../text/list-names.ts";
import type { PreflightIssue } from "./preflight-issue.ts";
import type { SourceFacts } from "./source-facts.ts";

/** Arithmetic, which Blender computes without Python. */
const SIMPLE_EXPRESSION = /^[\w\s.,+\-*/%<>=!()]*$/;

/** What the scene says about itself, as far as it could be read. */
export function checkContent({ scene, config }: SourceFacts): PreflightIssue[] {
  const active = scene?.scenes.find(({ name }) => name === scene.activeScene);
  if (!scene || !active) return [];
  return [
    ...checkCamera(active),
    ...checkRange(active, config?.frameRanges),
    ...checkOutput(active),
    ...checkScripts(scene),
    ...checkByteOrder(scene),
    ...checkFileOutputs(scene),
  ];
}

function checkCamera({
  name,
  camera,
  markerCameras,
  sequencer,
  compositor,
}: SceneSettings): PreflightIssue[] {
  if (camera !== undefined || sequencer.isUsed) return [];
  if (markerCameras.some((marker) => marker.camera !== undefined)) return [];
  return [
    {
      ruleId: "no-camera",
      // A compositor may show another scene, or no scene at all.
      severity: compositor.isUsed ? "warning" : "error",
      message: `The scene "${name}" has no camera, so Blender cannot render it.`,
      fix: "Set a camera in the scene (Scene properties > Camera) and save it.",
    },
  ];
}

function checkRange({ name, frames }: SceneSettings, requested?: readonly string[]): PreflightIssue[] {
  const own = `${frames.start} to ${frames.end}`;
  if (requested === undefined) {
    if (frames.start <= frames.end) return [];
    return [
      {
        ruleId: "empty-range",
        severity: "error",
        message: `The frame range of the scene "${name}" is empty: ${own}.`,
        fix: "Correct the range in the scene, or request frames.",
      },
    ];
  }
  const outside = expandFrames(requested).filter((frame) => frame < frames.start || frame > frames.end);
  if (outside.length === 0) return [];
  return [
    {
      ruleId: "frames-outside-range",
      severity: "warning",
      message: `The requested frames ${listNames(outside.map(String))} are outside the scene's range, ${own}. Nothing may move there.`,
      fix: "Check the requested frames, or the range in the scene.",
    },
  ];
}

function checkOutput({ output }: SceneSettings): PreflightIssue[] {
  const issues: PreflightIssue[] = [];
  if (output.isMovie)
    issues.push({
      ruleId: "movie-output",
      severity: "warning",
      message: `The scene renders a movie (${output.format ?? "unknown format"}). A farm renders frame by frame, and no image per frame may come back.`,
      fix: "Choose an image format in the scene, or set outputFormat.",
    });
  if (!output.overwrites)
    issues.push({
      ruleId: "overwrite-off",
      severity: "warning",
      message: "Overwrite is off in the scene: frames that exist in its output folder are skipped.",
      fix: "Turn Overwrite on (Output properties > Output) and save the scene.",
    });
  return issues;
}

function checkScripts({ texts, pythonDrivers }: SceneFacts): PreflightIssue[] {
  const scripts = texts.filter(({ runsOnLoad }) => runsOnLoad).map(({ name }) => `text "${name}"`);
  const drivers = pythonDrivers
    .filter(({ expression }) => !SIMPLE_EXPRESSION.test(expression))
    .map(({ owner, expression }) => `driver "${expression}" of ${owner.name}`);
  const names = [...scripts, ...drivers];
  if (names.length === 0) return [];
  return [
    {
      ruleId: "python-in-scene",
      severity: "info",
      message: `The scene contains Python, which a farm may not run: ${listNames(names)}.`,
      fix: "If the frames depend on it, bake or apply its result.",
    },
  ];
}

function checkByteOrder({ isBigEndian }: SceneFacts): PreflightIssue[] {
  if (!isBigEndian) return [];
  return [
    {
      ruleId: "big-endian",
      severity: "warning",
      message: "The .blend was saved on a big-endian machine. Blender 5 and later cannot open it.",
      fix: "Open it in Blender 4 on this machine and save it again.",
    },
  ];
}

function checkFileOutputs({ fileOutputs }: SceneFacts): PreflightIssue[] {
  const used = fileOutputs.filter(({ isMuted }) => !isMuted);
  if (used.length === 0) return [];
  return [
    {
      ruleId: "file-output-nodes",
      severity: "info",
      message: `File Output nodes write to ${listNames(used.map(({ path, node }) => `${path} (${node})`))}, outside the scene's own output.`,
      fix: "Their files come back as compositor files, if the farm supports it.",
    },
  ];
}

import { listNames } from "../../text/list-names.ts";
import { findMainScene, sceneNames } from "./main-scene.ts";
import type { PreflightIssue } from "./preflight-issue.ts";
import type { SourceFacts } from "./source-facts.ts";

/** Whatever is rendered is paid for, so an archive must leave no doubt which of its scenes that is. */
export function checkZipScene(facts: SourceFacts): PreflightIssue[] {
  const { fileType, fileName, zipEntries, mainScene, leftOut = [] } = facts;
  if (fileType !== "zip" || !zipEntries) return [];
  // Not all of it was seen.
  if (leftOut.some(({ reason }) => reason === "too-many")) return [];
  const names = zipEntries.map(({ name }) => name);
  const scenes = sceneNames(names);
  if (scenes.length === 0) return [withoutScene(fileName)];
  if (mainScene !== undefined && !scenes.includes(mainScene)) return [withoutMain(fileName, mainScene)];
  const main = findMainScene(fileName, names);
  if (mainScene !== undefined && main !== mainScene) return [withTwins(fileName, mainScene)];
  const isClear = main !== undefined && (mainScene !== undefined || isNearest(main, scenes));
  if (!isClear) return [withSeveral(fileName, scenes)];
  return scenes.length === 1 ? [] : [withLibraries(fileName, main, scenes.length)];
}

/** A folder may bear the name of a scene in it by chance: nobody has named that scene, and others come before it. */
function isNearest(main: string, scenes: readonly string[]): boolean {
  const depthOf = (name: string) => name.split("/").length;
  return scenes.every((name) => depthOf(name) >= depthOf(main));
}

function withoutScene(path: string): PreflightIssue {
  return {
    ruleId: "zip-without-scene",
    severity: "error",
    message: `${path} holds no .blend.`,
    fix: "Put the .blend into the folder or archive.",
    path,
  };
}

function withoutMain(path: string, mainScene: string): PreflightIssue {
  return {
    ruleId: "zip-main-scene-missing",
    severity: "error",
    message: `${path} does not hold the scene to render, ${mainScene}.`,
    fix: "Name a .blend that is in it, with its folders.",
    path,
  };
}

function withTwins(path: string, mainScene: string): PreflightIssue {
  return {
    ruleId: "zip-several-scenes",
    severity: "error",
    message: `Another scene in ${path} has the same name as the one to render, ${mainScene}.`,
    fix: "Rename one of them: the scene to render is told from the others by the name of the archive.",
    path,
  };
}

function withSeveral(path: string, scenes: readonly string[]): PreflightIssue {
  return {
    ruleId: "zip-several-scenes",
    severity: "error",
    message: `${path} holds ${scenes.length} scenes, and nothing says which one to render: ${listNames(scenes)}.`,
    fix: "Submit each scene by itself. If the others are libraries of one, name that one: with --main on the command line, else by giving the folder or archive its name (sh010.zip renders sh010.blend).",
    path,
  };
}

function withLibraries(path: string, main: string, count: number): PreflightIssue {
  return {
    ruleId: "zip-main-scene",
    severity: "warning",
    message: `${path} holds ${count} .blend files. ${main} is the one to render, since the archive has its name.`,
    fix: "How the farm chooses is not documented: compare the frames and settings that validation finds with those of this scene.",
    path,
  };
}

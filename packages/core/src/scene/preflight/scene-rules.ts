import { listNames } from "../../text/list-names.ts";
import { findMainScene, sceneNames } from "./main-scene.ts";
import type { PreflightIssue } from "./preflight-issue.ts";
import type { SourceFacts } from "./source-facts.ts";

/** Every render costs money, so it must be clear which scene of an archive to render. */
export function checkZipScene(facts: SourceFacts): PreflightIssue[] {
  const { fileType, fileName, zipEntries, mainScene, leftOut = [], givenAs = fileName } = facts;
  if (fileType !== "zip" || !zipEntries) return [];
  // The list is incomplete.
  if (leftOut.some(({ reason }) => reason === "too-many")) return [];
  const names = zipEntries.map(({ name }) => name);
  const scenes = sceneNames(names);
  if (scenes.length === 0) return [withoutScene(fileName, givenAs)];
  if (mainScene !== undefined && !scenes.includes(mainScene))
    return [withoutMain(fileName, givenAs, mainScene)];
  const main = findMainScene(fileName, names);
  if (mainScene !== undefined && main !== mainScene) return [withTwins(fileName, givenAs, mainScene)];
  const isClear = main !== undefined && (mainScene !== undefined || isNearest(main, scenes));
  if (!isClear) return [withSeveral(fileName, givenAs, scenes)];
  return scenes.length === 1 ? [] : [withLibraries(fileName, givenAs, main, scenes.length)];
}

/** A folder may share its name with one of its scenes by coincidence, if other scenes are closer to the top. */
function isNearest(main: string, scenes: readonly string[]): boolean {
  const depthOf = (name: string) => name.split("/").length;
  return scenes.every((name) => depthOf(name) >= depthOf(main));
}

function withoutScene(path: string, given: string): PreflightIssue {
  return {
    ruleId: "zip-without-scene",
    severity: "error",
    message: `${given} does not contain a .blend.`,
    fix: "Add the .blend to it.",
    path,
  };
}

function withoutMain(path: string, given: string, mainScene: string): PreflightIssue {
  return {
    ruleId: "zip-main-scene-missing",
    severity: "error",
    message: `${given} does not contain the main scene, ${mainScene}.`,
    fix: "Use the path of a .blend inside it.",
    path,
  };
}

function withTwins(path: string, given: string, mainScene: string): PreflightIssue {
  return {
    ruleId: "zip-same-scene-name",
    severity: "error",
    message: `${given} contains another scene with the same name as the main scene, ${mainScene}.`,
    fix: "Rename one of them: the main scene is identified by the name of the archive.",
    path,
  };
}

function withSeveral(path: string, given: string, scenes: readonly string[]): PreflightIssue {
  return {
    ruleId: "zip-several-scenes",
    severity: "error",
    message: `${given} contains ${scenes.length} scenes, and it is not clear which one to render: ${listNames(scenes)}.`,
    fix: "Submit each scene by itself. If the others are libraries, choose the main scene, or give the folder or archive its name (sh010.zip renders sh010.blend).",
    path,
  };
}

function withLibraries(path: string, given: string, main: string, count: number): PreflightIssue {
  return {
    ruleId: "zip-main-scene",
    severity: "warning",
    message: `${given} contains ${count} .blend files. ${main} is the one to render, because the archive has its name.`,
    fix: "How the farm chooses is not documented: check that the frames and settings found by validation are those of this scene.",
    path,
  };
}

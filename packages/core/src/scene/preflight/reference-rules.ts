import { count } from "../../text/format.ts";
import { listNames } from "../../text/list-names.ts";
import type { PreflightIssue } from "./preflight-issue.ts";
import type { SceneReference, SourceFacts } from "./source-facts.ts";

const PACK = "pack it into the .blend (File > External Data > Pack Resources)";

/** The fault that is reported most often: the scene uses a file, and the farm does not find it. */
export function checkReferences({ references = [], fileName }: SourceFacts): PreflightIssue[] {
  const missing = references.filter((reference) => reference.missing.length > 0);
  const notSent = references.filter(({ missing, isSent }) => missing.length === 0 && !isSent);
  return [
    ...uniqueByPath(missing).map(describeMissing),
    ...(notSent.length > 0 ? [describeNotSent(notSent, fileName)] : []),
  ];
}

/** A file that many datablocks use is missing once. */
function uniqueByPath(references: readonly SceneReference[]): SceneReference[] {
  return [
    ...new Map(references.map((reference) => [`${reference.usedBy}:${reference.path}`, reference])).values(),
  ];
}

function describeMissing(reference: SceneReference): PreflightIssue {
  const { path, missing, extent, otherCase, isForeign } = reference;
  const subject = `${describeOwner(reference)} uses ${path}`;
  const base = { severity: "warning", path } as const;
  if (isForeign)
    return {
      ...base,
      ruleId: "windows-path",
      message: `${subject}, a path of Windows, which exists neither here nor on the farm.`,
      fix: `Make the path relative (File > External Data > Make Paths Relative), or ${PACK}.`,
    };
  if (otherCase !== undefined)
    return {
      ...base,
      ruleId: "case-mismatch",
      message: `${subject}, but the file is called ${otherCase}. The farm distinguishes upper and lower case.`,
      fix: "Rename the file, or correct the path in Blender.",
    };
  const isOne = extent === "file" || extent === "folder";
  return {
    ...base,
    ruleId: "missing-file",
    message: isOne
      ? `${subject}, which does not exist.`
      : `${subject}, of which ${count(missing.length, "file")} ${missing.length === 1 ? "does" : "do"} not exist: ${listNames(missing)}.`,
    fix: `Put the file there, correct the path in Blender, or ${PACK}.`,
  };
}

function describeNotSent(references: readonly SceneReference[], path: string): PreflightIssue {
  const names = listNames(references.map((reference) => `${reference.path} (${describeOwner(reference)})`));
  return {
    ruleId: "file-not-sent",
    severity: "warning",
    message: `The scene uses files that are neither in the .blend nor sent with it: ${names}.`,
    fix: "Make their paths relative (File > External Data > Make Paths Relative), or pack them into the .blend (File > External Data > Pack Resources).",
    path,
  };
}

function describeOwner({ owner, usedBy }: SceneReference): string {
  const name = `${owner.type} "${owner.name}"`;
  return usedBy === undefined ? name : `${name} in ${usedBy}`;
}

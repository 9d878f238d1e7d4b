import {
  checkChoices,
  checkFrames,
  checkNumbers,
  checkOutputFormat,
  checkResolution,
} from "./config-rules.ts";
import { checkContent } from "./content-rules.ts";
import { checkExtension, checkFormat, checkSize, checkTruncation } from "./file-rules.ts";
import { checkLeftOut } from "./folder-rules.ts";
import { checkImages } from "./image-rules.ts";
import { checkInsides, checkStandIns } from "./inside-rules.ts";
import type { PreflightIssue } from "./preflight-issue.ts";
import { checkReferences } from "./reference-rules.ts";
import { checkZipScene } from "./scene-rules.ts";
import type { PreflightRule, SourceFacts } from "./source-facts.ts";
import { checkZipDuplicates, checkZipNames } from "./zip-name-rules.ts";
import {
  checkZipBomb,
  checkZipEncryption,
  checkZipInside,
  checkZipLinks,
  checkZipMethods,
  checkZipReadable,
} from "./zip-rules.ts";

/** What preflight found. */
export interface PreflightReport {
  readonly issues: readonly PreflightIssue[];
  /** False if any issue is an error. */
  readonly isOk: boolean;
}

const PREFLIGHT_RULES: readonly PreflightRule[] = [
  checkExtension,
  checkSize,
  checkFormat,
  checkTruncation,
  checkZipReadable,
  checkZipScene,
  checkContent,
  checkReferences,
  checkInsides,
  checkStandIns,
  checkImages,
  checkLeftOut,
  checkZipNames,
  checkZipDuplicates,
  checkZipLinks,
  checkZipMethods,
  checkZipEncryption,
  checkZipBomb,
  checkZipInside,
  checkFrames,
  checkNumbers,
  checkResolution,
  checkChoices,
  checkOutputFormat,
];

/** Issues with files that are not there, or lack their content: the farm would render without them. */
const HOLLOW_FILES: ReadonlySet<string> = new Set([
  "lfs-pointers",
  "link-texts",
  "image-broken",
  "missing-file",
  "case-mismatch",
  "windows-path",
  "file-not-sent",
]);

/**
 * Finds what would fail on the farm, before anything is sent or costs money.
 *
 * @example
 * const source = await openSource("shot.blend");
 * for (const { severity, message, fix } of preflight(await source.readFacts()).issues) console.log(severity, message, fix);
 */
export function preflight(
  facts: SourceFacts,
  rules: readonly PreflightRule[] = PREFLIGHT_RULES,
): PreflightReport {
  const issues = rules.flatMap((rule) => rule(facts));
  return { issues, isOk: issues.every(({ severity }) => severity !== "error") };
}

/**
 * The report for a scene that must be complete: files without their content become errors.
 *
 * @example
 * const report = requireComplete(preflight(await source.readFacts()));
 */
export function requireComplete(report: PreflightReport): PreflightReport {
  const issues = report.issues.map((issue) =>
    HOLLOW_FILES.has(issue.ruleId) ? { ...issue, severity: "error" as const } : issue,
  );
  return { issues, isOk: issues.every(({ severity }) => severity !== "error") };
}

import {
  checkChoices,
  checkFrames,
  checkNumbers,
  checkOutputFormat,
  checkResolution,
} from "./config-rules.ts";
import { checkExtension, checkFormat, checkSize, checkTruncation } from "./file-rules.ts";
import { checkLeftOut } from "./folder-rules.ts";
import { checkInsides, checkStandIns } from "./inside-rules.ts";
import type { PreflightIssue } from "./preflight-issue.ts";
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

export interface PreflightReport {
  readonly issues: readonly PreflightIssue[];
  /** False when an issue is an error. */
  readonly isOk: boolean;
}

export const PREFLIGHT_RULES: readonly PreflightRule[] = [
  checkExtension,
  checkSize,
  checkFormat,
  checkTruncation,
  checkZipReadable,
  checkZipScene,
  checkInsides,
  checkStandIns,
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

/** Looks for what would fail on the farm, before anything is sent or paid for. */
export function preflight(
  facts: SourceFacts,
  rules: readonly PreflightRule[] = PREFLIGHT_RULES,
): PreflightReport {
  const issues = rules.flatMap((rule) => rule(facts));
  return { issues, isOk: issues.every(({ severity }) => severity !== "error") };
}

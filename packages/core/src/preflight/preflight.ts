import {
  checkChoices,
  checkFrames,
  checkNumbers,
  checkOutputFormat,
  checkResolution,
} from "./config-rules.ts";
import { checkExtension, checkFormat, checkSize, checkTruncation } from "./file-rules.ts";
import type { PreflightIssue } from "./preflight-issue.ts";
import type { PreflightRule, SourceFacts } from "./source-facts.ts";
import {
  checkZipBomb,
  checkZipEncryption,
  checkZipInside,
  checkZipNames,
  checkZipScene,
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
  checkZipScene,
  checkZipNames,
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

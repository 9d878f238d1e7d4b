import type { PreflightIssue } from "@renderjuice/core";
import { terminalLine } from "@renderjuice/core/adapter";

/** Two lines per finding: what was found, and how to fix it. Starts with a line break. */
export function describeIssues(issues: readonly PreflightIssue[]): string {
  return issues
    .map(
      (issue) =>
        `\n${issue.severity.padEnd(7)} ${terminalLine(issue.message)} [${issue.ruleId}]\n        ${terminalLine(fixOf(issue))}`,
    )
    .join("");
}

/** How to fix a finding, with the option of this program that does it. */
export function fixOf({ ruleId, fix }: PreflightIssue): string {
  return ruleId === "zip-several-scenes" ? `${fix} Choose the main scene with --main.` : fix;
}

import type { PreflightIssue } from "@renderjuice/core";
import { terminalLine } from "@renderjuice/core/adapter";

/** One line per finding and one for what to do, each beginning on a new line. */
export function describeIssues(issues: readonly PreflightIssue[]): string {
  return issues
    .map(
      ({ severity, ruleId, message, fix }) =>
        `\n${severity.padEnd(7)} ${terminalLine(message)} [${ruleId}]\n        ${terminalLine(fix)}`,
    )
    .join("");
}

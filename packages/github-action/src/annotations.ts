import type { PreflightIssue } from "@renderjuice/core";
import { error, info, notice, warning } from "./workflow-log.ts";

/** GitHub shows ten annotations per level and step, and drops the others silently. */
const MAX_PER_LEVEL = 9;
const shown = { error: 0, warning: 0, info: 0 };
const annotate = { error, warning, info: notice };

/** Shows what preflight found in a scene, as annotations at its file. */
export function annotateIssues(path: string, issues: readonly PreflightIssue[]): void {
  for (const { severity, message, fix, ruleId } of issues) {
    const text = `${message} ${fix}`;
    shown[severity] += 1;
    if (shown[severity] <= MAX_PER_LEVEL) annotate[severity](text, { file: path, title: ruleId });
    else info(`${severity}: ${path}: ${text}`);
  }
}

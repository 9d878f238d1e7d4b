export { PREFLIGHT_RULES, type PreflightReport, preflight } from "./preflight.ts";
export type { PreflightIssue } from "./preflight-issue.ts";
export type { PreflightRule, SourceFacts, ZipEntryFacts } from "./source-facts.ts";
export { readZipDirectory } from "./zip-directory.ts";

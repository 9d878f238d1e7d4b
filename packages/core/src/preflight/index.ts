export { detectFormat } from "./file-format.ts";
export { PREFLIGHT_RULES, type PreflightReport, preflight, requireComplete } from "./preflight.ts";
export type { PreflightIssue } from "./preflight-issue.ts";
export {
  type BrokenImage,
  END_BYTES,
  type InsideFacts,
  type LeftOut,
  type PreflightRule,
  type SourceFacts,
  type ZipEntryFacts,
} from "./source-facts.ts";
export { readZipDirectory } from "./zip-directory.ts";

export { choosePlaces } from "./choose-places.ts";

export { findMissing } from "./find-missing.ts";

export { describeFailedFile, type Obtained, obtainEach } from "./obtain-each.ts";
export { isWanted, type OutputFilter } from "./output-filter.ts";
export { OutputUrls } from "./output-urls.ts";
export {
  type OutputPlan,
  type PlannedOutput,
  planOutputs,
} from "./plan-outputs.ts";
export { findProblem } from "./received-file.ts";
export { safeRelativePath } from "./safe-relative-path.ts";
export type { Checks } from "./structure/checks.ts";
export { type DownloadRequest, waitForOutputs } from "./wait-for-outputs.ts";

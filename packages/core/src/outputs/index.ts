export { choosePlaces } from "./choose-places.ts";
export { fetchOutput, type OutputFetch, readOutputRefusal } from "./fetch-output.ts";
export { findMissing, type MissingOutputs } from "./find-missing.ts";
export { nameFrame } from "./frame-pattern.ts";
export { describeFailedFile, type ObtainEach, type Obtained, obtainEach } from "./obtain-each.ts";
export { isWanted, type OutputFilter } from "./output-filter.ts";
export { OutputUrls } from "./output-urls.ts";
export {
  type OutputKind,
  type OutputPlan,
  type PlannedOutput,
  planOutputs,
  type RefusedOutput,
} from "./plan-outputs.ts";
export { corruptFile, findProblem, type ReceivedFile } from "./received-file.ts";
export { safeRelativePath } from "./safe-relative-path.ts";
export type { ByteSource } from "./structure/byte-reader.ts";
export type { Checks } from "./structure/checks.ts";
export { type DownloadRequest, waitForOutputs } from "./wait-for-outputs.ts";

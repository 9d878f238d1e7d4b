export { fetchOutput, type OutputFetch, readOutputRefusal } from "./fetch-output.ts";
export { checkReceivedFile, type ReceivedFile, SIGNATURE_BYTES } from "./file-signature.ts";
export { nameFrame } from "./frame-pattern.ts";
export { isWanted, type OutputFilter } from "./output-filter.ts";
export { OutputUrls } from "./output-urls.ts";
export { type OutputKind, type PlannedOutput, planOutputs } from "./plan-outputs.ts";
export { safeRelativePath } from "./safe-relative-path.ts";
export { type DownloadRequest, waitForOutputs } from "./wait-for-outputs.ts";

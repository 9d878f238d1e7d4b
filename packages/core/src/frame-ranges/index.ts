export { compactFrames } from "./compact-frames.ts";
export { expandFrames } from "./expand-frames.ts";
export { parseFrameRanges } from "./frame-range.ts";
export { missingFrames } from "./missing-frames.ts";
export { toFrameRanges } from "./to-frame-ranges.ts";

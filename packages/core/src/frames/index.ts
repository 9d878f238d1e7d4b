export { compactFrames } from "./compact-frames.ts";
export { expandFrames, MAX_FRAMES } from "./expand-frames.ts";
export { type FrameRange, parseFrameRanges } from "./frame-range.ts";
export { missingFrames } from "./missing-frames.ts";
export { toFrameRanges } from "./to-frame-ranges.ts";

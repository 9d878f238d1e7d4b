export { describeAnalysis, listAnalysis } from "./describe-analysis.ts";
export { describeShortfall, isComplete, type Shortfall } from "./describe-shortfall.ts";
export { bar, count, formatBytes, formatDuration } from "./format.ts";
export { ProgressReport } from "./progress-report.ts";
export { foreignLine, jsonLine, terminalLine, terminalText } from "./terminal-text.ts";

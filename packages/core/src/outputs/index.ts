export { type OutputKind, type PlannedOutput, planOutputs } from "./plan-outputs.ts";
export { safeRelativePath } from "./safe-relative-path.ts";

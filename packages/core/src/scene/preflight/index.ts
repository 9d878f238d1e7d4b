export { type PreflightReport, preflight, requireComplete } from "./preflight.ts";

export {
  type BrokenImage,
  END_BYTES,
  type InsideFacts,
  type LeftOut,
  type SourceFacts,
  type ZipEntryFacts,
} from "./source-facts.ts";

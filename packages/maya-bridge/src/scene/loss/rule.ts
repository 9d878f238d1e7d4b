import type { JobRequest } from "../../job/job-request.ts";
import type { FbxFacts } from "../fbx/fbx-facts.ts";
import type { ImportFacts } from "./import-facts.ts";
import type { Loss, LossReport } from "./loss-report.ts";

/** The input of the rules. */
export interface LossInput {
  readonly request: JobRequest;
  readonly facts: ImportFacts;
  /** Paths of the export. */
  readonly files: readonly string[];
  /** The contents of the export, by its path; for binary FBX only. */
  readonly sources: ReadonlyMap<string, FbxFacts>;
  readonly report: Omit<LossReport, "losses">;
  /** Existing images that could not be packed. */
  readonly unpacked: readonly string[];
  /** Objects that may or may not be hidden in Maya. */
  readonly unclear: readonly string[];
}

export type Rule = (input: LossInput) => Loss[];

export const IN_BLENDER =
  'Do the look in your own .blend, and send the geometry as caches with mode="re-point".';

export function major(id: string, message: string, subjects: readonly string[], advice: string): Loss[] {
  return [{ id, severity: "major", message, subjects: [...subjects], advice }];
}

export function minor(id: string, message: string, subjects: readonly string[], advice: string): Loss[] {
  return [{ id, severity: "minor", message, subjects: [...subjects], advice }];
}

import type { JobRequest } from "../job/job-request.ts";
import type { LossReport } from "./loss/loss-report.ts";

interface PrepareOptions {
  /** For files that belong to this job; exists, and stays after the job. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** A line for the artist. */
  readonly say: (message: string) => void;
}

/** What goes to the farm. */
export interface PreparedScene {
  /** As `client.submit` takes them: one `.blend` or `.zip`, a folder, or several files. */
  readonly sourcePaths: readonly string[];
  readonly report: SceneReport;
}

/** What the artist should know of the way from Maya to Blender. All texts are whole sentences. */
export interface SceneReport {
  readonly route: "drop-in" | "re-point" | "assemble";
  /** Places inside the archive, with `/`. */
  readonly packed: readonly string[];
  /** What was done, as it should be. */
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  /** What the Maya scene uses and Blender does not get. */
  readonly staysBehind: JobRequest["dependencies"];
  /** Of the route `assemble` only. */
  readonly loss: LossReport | null;
}

/**
 * Makes from what Maya has handed over what the farm can render. Called anew when a bridge was killed: the same request
 * gives the same source.
 *
 * @throws RenderjuiceError with advice when that is not possible; nothing was uploaded then.
 */
export type PrepareScene = (request: JobRequest, options: PrepareOptions) => Promise<PreparedScene>;

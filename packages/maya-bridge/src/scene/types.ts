import type { JobRequest } from "../job/job-request.ts";
import type { LossReport } from "./loss/loss-report.ts";

interface PrepareOptions {
  /** For files of this job. Exists, and stays after the job. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Shows a line to the artist. */
  readonly say: (message: string) => void;
}

/** What goes to the farm. */
export interface PreparedScene {
  /** As for `client.submit`: one `.blend` or `.zip`, a folder, or several files. */
  readonly sourcePaths: readonly string[];
  readonly report: SceneReport;
}

/** What the artist should know about the way from Maya to Blender. All texts are whole sentences. */
export interface SceneReport {
  readonly route: "drop-in" | "re-point" | "assemble";
  /** Places inside the archive, with `/`. */
  readonly packed: readonly string[];
  /** What was done successfully. */
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  /** What the Maya scene uses and Blender does not get. */
  readonly staysBehind: JobRequest["dependencies"];
  /** Only for `assemble`. */
  readonly loss: LossReport | null;
}

/**
 * Turns Maya's request into a source that the farm can render. Called again after a bridge was killed: the same request
 * gives the same source.
 *
 * @throws RenderjuiceError with a hint if that is not possible. Nothing was uploaded then.
 */
export type PrepareScene = (request: JobRequest, options: PrepareOptions) => Promise<PreparedScene>;

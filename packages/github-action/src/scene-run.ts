import type { DownloadSummary, Job, Source } from "@renderjuice/core";
import type { JobHandle } from "@renderjuice/core/node";

/** What has become of a scene; `status` in the outputs. */
export type RunStatus = "submitted" | "completed" | "failed" | "canceled" | "timed-out" | "detached";

/** A scene on its way through the step, and what is known of it. */
export interface SceneRun {
  /** Its path in the workspace or, for a job that existed before, `job ID`. */
  readonly name: string;
  /** Absent for a job that existed before. */
  readonly path: string | undefined;
  /** What was checked and is submitted. Absent for a job that existed before. */
  readonly source: Source | undefined;
  readonly outputDir: string;
  /** Marks its render, so that a later attempt finds it. */
  readonly tag: string | undefined;
  status: RunStatus | undefined;
  jobId: string | undefined;
  /** What is being done for it. */
  handle: JobHandle | undefined;
  /** As it was seen last. */
  job: Job | undefined;
  /** Whether an earlier attempt of the workflow has started its render. */
  isResumed: boolean;
  /** "Start render" was sent, and its answer is not known. */
  isStarting: boolean;
  /** Whether its job needs no looking after any more. */
  isSettled: boolean;
  /** As far as the farm has told. */
  renderedFrames: number | undefined;
  /** Asked for, and not among what the farm has made. */
  missingFrames: readonly number[];
  /** What the farm did not find of what the scene uses. */
  missingFiles: readonly string[];
  /** The same in words, with what is missing of which. */
  missingParts: readonly string[];
  downloads: DownloadSummary | undefined;
  error: unknown;
}

export function createRun(
  scene: Pick<SceneRun, "name" | "outputDir"> & Partial<Pick<SceneRun, "path" | "source" | "tag" | "jobId">>,
): SceneRun {
  return {
    path: undefined,
    source: undefined,
    tag: undefined,
    jobId: undefined,
    handle: undefined,
    status: undefined,
    job: undefined,
    isResumed: false,
    isStarting: false,
    isSettled: false,
    renderedFrames: undefined,
    missingFrames: [],
    missingFiles: [],
    missingParts: [],
    downloads: undefined,
    error: undefined,
    ...scene,
  };
}

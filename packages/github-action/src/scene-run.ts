import type { DownloadSummary, Job, Source } from "@renderjuice/core";
import type { JobHandle } from "@renderjuice/core/node";

/** What became of a scene: `status` in the outputs. */
export type RunStatus = "submitted" | "completed" | "failed" | "canceled" | "timed-out" | "detached";

/** A scene on its way through the step, and what is known about it. */
export interface SceneRun {
  /** Its path in the workspace; for a job that already existed, `job ID`. */
  readonly name: string;
  /** Absent for a job that already existed. */
  readonly path: string | undefined;
  /** What was checked and is submitted. Absent for a job that already existed. */
  readonly source: Source | undefined;
  readonly outputDir: string;
  /** Marks its render, so that a later attempt finds it. */
  readonly tag: string | undefined;
  status: RunStatus | undefined;
  jobId: string | undefined;
  /** The current operation. */
  handle: JobHandle | undefined;
  /** As last seen. */
  job: Job | undefined;
  /** Whether an earlier attempt of the workflow started its render. */
  isResumed: boolean;
  /** A "start render" request was sent, and its response is unknown. */
  isStarting: boolean;
  /** Whether the post step can leave its job alone. */
  isSettled: boolean;
  /** As far as the farm has reported. */
  renderedFrames: number | undefined;
  /** Requested frames that the job has no files for. */
  missingFrames: readonly number[];
  /** The same in words, with the views or nodes that they are missing from. */
  missingParts: readonly string[];
  /** Files that the scene uses and the farm did not find. */
  missingFiles: readonly string[];
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
    missingParts: [],
    missingFiles: [],
    downloads: undefined,
    error: undefined,
    ...scene,
  };
}

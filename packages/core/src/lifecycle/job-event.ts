import type { Job, JobStatus, RenderConfig } from "../contract/index.ts";
import { hasStarted, isFinalStatus, mayHaveStarted } from "../contract/job-status.ts";
import type { DownloadEvent, DownloadSummary } from "../outputs/download-event.ts";
import type { PreflightReport } from "../scene/preflight/index.ts";

/**
 * What happens to a job, in order. A `…-started` event comes *before* its side effect: a consumer that saves each event
 * before it asks for the next one has a journal to resume from.
 */
export type JobEvent =
  | { readonly type: "preflight-finished"; readonly report: PreflightReport }
  | { readonly type: "upload-started"; readonly fileName: string; readonly sizeBytes: number }
  | { readonly type: "upload-progressed"; readonly sentBytes: number; readonly totalBytes: number }
  | { readonly type: "upload-finished"; readonly slug: string }
  | { readonly type: "create-started"; readonly slug: string }
  | { readonly type: "job-created"; readonly jobId: string }
  /** Instead of a new job, that of an earlier run: see `OnceOptions`. */
  | { readonly type: "job-attached"; readonly jobId: string; readonly status: Job["status"] }
  | { readonly type: "validate-started"; readonly jobId: string }
  | { readonly type: "job-validated"; readonly jobId: string; readonly analysis: Job["analysis"] }
  | { readonly type: "render-started"; readonly jobId: string; readonly config: RenderConfig }
  | { readonly type: "render-accepted"; readonly jobId: string; readonly wasReplayed: boolean }
  | { readonly type: "status-changed"; readonly jobId: string; readonly status: Job["status"] }
  | {
      readonly type: "render-progressed";
      readonly jobId: string;
      readonly completedFrames?: number | undefined;
      readonly totalFrames?: number | undefined;
      readonly failedFrames?: number | undefined;
    }
  | { readonly type: "job-finished"; readonly jobId: string; readonly job: Job }
  | {
      readonly type: "warning";
      readonly message: string;
      readonly hint?: string | undefined;
      /** All files that the farm did not find, if the warning is about missing files. */
      readonly missingFiles?: readonly string[] | undefined;
    }
  | DownloadEvent;

/** What is happening. `unknown`: the job existed before this run, and the farm has not reported its state yet. */
type JobPhase =
  | "unknown"
  | "preparing"
  | "uploading"
  | "creating"
  | "validating"
  | "starting"
  | "rendering"
  | "rendered"
  | "downloading"
  | "downloaded";

/** The state of a job, as far as its events tell. */
export interface JobState {
  readonly phase: JobPhase;
  /** Of the upload, once it is done. */
  readonly slug?: string | undefined;
  readonly jobId?: string | undefined;
  /** The last status that the farm reported. */
  readonly status?: JobStatus | undefined;
  /** Whether the job existed before this run, so that others may act on it too. */
  readonly isAttached: boolean;
  /** The size of the upload. */
  readonly fileName?: string | undefined;
  readonly sentBytes?: number | undefined;
  readonly totalBytes?: number | undefined;
  readonly completedFrames?: number | undefined;
  readonly totalFrames?: number | undefined;
  readonly failedFrames?: number | undefined;
  /** Files that have been downloaded, or have failed. */
  readonly fetchedFiles?: number | undefined;
  readonly totalFiles?: number | undefined;
  /** Files that the scene uses and the farm did not find. */
  readonly missingFiles: readonly string[];
  /** The job when its render ended. */
  readonly job?: Job | undefined;
  readonly downloads?: DownloadSummary | undefined;
}

/**
 * The state before the first event.
 *
 * @param jobId of a job that already exists
 * @example
 * const state = initialState();
 */
export function initialState(jobId?: string): JobState {
  const isAttached = jobId !== undefined;
  return { phase: isAttached ? "unknown" : "preparing", jobId, isAttached, missingFiles: [] };
}

/**
 * The state after an event. Handles every event: a new one does not compile until it is handled here.
 *
 * @example
 * let state = initialState();
 * for await (const event of client.submit("shot.blend")) {
 *   state = foldEvent(state, event);
 *   console.log(state.phase, state.completedFrames);
 * }
 */
export function foldEvent(state: JobState, event: JobEvent): JobState {
  switch (event.type) {
    case "upload-started":
      return {
        ...state,
        phase: "uploading",
        fileName: event.fileName,
        sentBytes: 0,
        totalBytes: event.sizeBytes,
      };
    case "upload-progressed":
      return { ...state, sentBytes: event.sentBytes, totalBytes: event.totalBytes };
    case "upload-finished":
      return { ...state, slug: event.slug };
    case "create-started":
      return { ...state, phase: "creating", slug: event.slug };
    case "job-created":
      return { ...state, phase: "validating", jobId: event.jobId };
    case "job-attached":
      return { ...withStatus(state, event.status), jobId: event.jobId, isAttached: true };
    case "validate-started":
    case "job-validated":
      return { ...state, phase: validatingUnlessLater(state), jobId: event.jobId };
    case "render-started":
      return { ...state, phase: "starting", jobId: event.jobId };
    case "render-accepted":
      return { ...state, phase: "rendering" };
    case "status-changed":
      return withStatus(state, event.status);
    case "render-progressed": {
      const { completedFrames, totalFrames, failedFrames } = event;
      return { ...state, phase: "rendering", completedFrames, totalFrames, failedFrames };
    }
    case "job-finished":
      return { ...state, phase: "rendered", status: event.job.status, job: event.job };
    case "download-started":
      return { ...state, phase: "downloading", fetchedFiles: 0, totalFiles: event.fileCount };
    case "file-finished":
    case "file-failed":
      return { ...state, fetchedFiles: (state.fetchedFiles ?? 0) + 1 };
    case "download-finished":
      return { ...state, phase: "downloaded", downloads: event.summary };
    case "warning":
      return { ...state, missingFiles: event.missingFiles ?? state.missingFiles };
    case "preflight-finished":
    case "file-progressed":
    case "retry-scheduled":
      return state;
    default:
      return event satisfies never;
  }
}

/**
 * Whether the job may be rendering, and therefore cost money, as far as is known.
 *
 * @example
 * const handle = client.submit("shot.blend");
 * process.once("SIGTERM", () => (mayBeRendering(handle.state) ? handle.cancel() : handle.detach()));
 */
export function mayBeRendering({ phase }: Pick<JobState, "phase">): boolean {
  return phase === "starting" || phase === "rendering" || phase === "unknown";
}

/**
 * Whether the render is over. Its files may still have to be downloaded.
 *
 * @example
 * if (isRenderOver(client.submit("shot.blend").state)) console.log("rendered");
 */
export function isRenderOver({ phase }: Pick<JobState, "phase">): boolean {
  return phase === "rendered" || phase === "downloading" || phase === "downloaded";
}

function withStatus(state: JobState, status: JobStatus): JobState {
  return { ...state, status, phase: phaseOf(status, state) };
}

function phaseOf(status: JobStatus, state: JobState): JobPhase {
  if (isFinalStatus(status)) return "rendered";
  if (hasStarted({ id: "", status })) return "rendering";
  if (mayHaveStarted({ id: "", status })) return state.phase;
  // The first status of an attached job.
  return state.phase === "unknown" ? "validating" : validatingUnlessLater(state);
}

/** A job whose render may have been started, here or elsewhere, can still be validated or seem idle. */
function validatingUnlessLater(state: JobState): JobPhase {
  return mayBeRendering(state) || isRenderOver(state) ? state.phase : "validating";
}

import type { Job, RenderConfig } from "../contract/index.ts";
import type { DownloadEvent } from "../outputs/download-event.ts";
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

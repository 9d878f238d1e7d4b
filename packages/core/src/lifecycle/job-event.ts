import type { ClientEvent } from "../client-events.ts";
import type { ErrorCode } from "../errors/index.ts";
import type { PreflightReport } from "../preflight/index.ts";
import type { Job, RenderConfig } from "../schemas/index.ts";

/**
 * What happens to a job, in order. A `…-started` event comes *before* its side effect: a consumer that writes each
 * event down before it asks for the next has a journal to resume from.
 */
export type JobEvent =
  | { readonly type: "preflight-finished"; readonly report: PreflightReport }
  | { readonly type: "upload-started"; readonly fileName: string; readonly sizeBytes: number }
  | { readonly type: "upload-progressed"; readonly sentBytes: number; readonly totalBytes: number }
  | { readonly type: "upload-finished"; readonly slug: string }
  | { readonly type: "create-started"; readonly slug: string }
  | { readonly type: "job-created"; readonly jobId: string }
  /** Instead of a new job: that of an earlier run, see `OnceOptions`. */
  | { readonly type: "job-attached"; readonly jobId: string; readonly status: Job["status"] }
  | { readonly type: "validate-started"; readonly jobId: string }
  | { readonly type: "job-validated"; readonly jobId: string; readonly analysis: unknown }
  | { readonly type: "render-started"; readonly jobId: string; readonly config: RenderConfig }
  | { readonly type: "render-accepted"; readonly jobId: string; readonly wasReplayed: boolean }
  | { readonly type: "status-changed"; readonly jobId: string; readonly status: Job["status"] }
  | {
      readonly type: "render-progressed";
      readonly jobId: string;
      readonly completedFrames?: number;
      readonly totalFrames?: number;
      readonly failedFrames?: number;
    }
  | { readonly type: "job-finished"; readonly jobId: string; readonly job: Job }
  | {
      readonly type: "warning";
      readonly message: string;
      readonly hint?: string;
      /** Files that the farm did not find, all of them, when that is what the warning is about. */
      readonly missingFiles?: readonly string[];
    }
  | DownloadEvent;

/** Something failed and is tried again. */
type RetryEvent = Extract<ClientEvent, { readonly type: "retry-scheduled" }>;

export type DownloadEvent =
  | { readonly type: "download-started"; readonly outDir: string; readonly fileCount: number }
  | {
      readonly type: "file-progressed";
      readonly relativePath: string;
      readonly receivedBytes: number;
      /** Absent when the host does not say. */
      readonly totalBytes?: number;
    }
  | { readonly type: "file-finished"; readonly file: DownloadedFile }
  | RetryEvent
  | { readonly type: "file-failed"; readonly file: FailedFile }
  | { readonly type: "download-finished"; readonly summary: DownloadSummary };

export interface DownloadedFile {
  /** Below the output folder, with `/`. */
  readonly relativePath: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly frame?: number;
  /** True when the file was there already. */
  readonly wasSkipped: boolean;
}

export interface DownloadSummary {
  readonly outDir: string;
  readonly files: readonly DownloadedFile[];
  /** Frames that were expected and that the job does not offer, whole or in one of its views or compositor nodes. */
  readonly missingFrames: readonly number[];
  /** The same in words, with what is missing of which: `2 of the view right`. */
  readonly missingParts: readonly string[];
  /** What the job offers and could not be brought: fetching it again costs nothing. */
  readonly failedFiles: readonly FailedFile[];
}

/** A file that could not be brought, while others could. */
export interface FailedFile {
  /** Below the output folder, or as the farm calls it when that cannot be a name. */
  readonly relativePath: string;
  readonly frame?: number;
  readonly code: ErrorCode;
  /** For people: what happened, and what to do. */
  readonly reason: string;
}

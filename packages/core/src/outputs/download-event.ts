import type { ErrorCode } from "../errors/index.ts";
import type { ClientEvent } from "../http/client-events.ts";

/** Something failed and is being retried. */
type RetryEvent = Extract<ClientEvent, { readonly type: "retry-scheduled" }>;

/** What happens during a download, in order. */
export type DownloadEvent =
  | { readonly type: "download-started"; readonly outDir: string; readonly fileCount: number }
  | {
      readonly type: "file-progressed";
      readonly relativePath: string;
      readonly receivedBytes: number;
      /** Absent if the host does not say. */
      readonly totalBytes?: number | undefined;
    }
  | { readonly type: "file-finished"; readonly file: DownloadedFile }
  | RetryEvent
  | { readonly type: "file-failed"; readonly file: FailedFile }
  | { readonly type: "download-finished"; readonly summary: DownloadSummary };

/** A file that is complete and on disk. */
export interface DownloadedFile {
  /** Relative to the output folder, with `/`. */
  readonly relativePath: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly frame?: number | undefined;
  /** True if the file was already there. */
  readonly wasSkipped: boolean;
}

/** What was downloaded, and what is missing. */
export interface DownloadSummary {
  readonly outDir: string;
  readonly files: readonly DownloadedFile[];
  /** Expected frames that the job does not have, or not in all of its views and compositor nodes. */
  readonly missingFrames: readonly number[];
  /** The same in words, with the view or node that lacks them: `2 of the view right`. */
  readonly missingParts: readonly string[];
  /** Files of the job that could not be downloaded. Downloading them again costs nothing. */
  readonly failedFiles: readonly FailedFile[];
}

/** A file that could not be downloaded, while others could. */
export interface FailedFile {
  /** Relative to the output folder, or the farm's name if it is unusable. */
  readonly relativePath: string;
  readonly frame?: number | undefined;
  readonly code: ErrorCode;
  /** What happened and what to do, for people. */
  readonly reason: string;
}

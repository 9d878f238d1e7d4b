import type { ErrorCode } from "../errors/index.ts";
import type { ClientEvent } from "../http/client-events.ts";

/** Something failed and is tried again. */
type RetryEvent = Extract<ClientEvent, { readonly type: "retry-scheduled" }>;

export type DownloadEvent =
  | { readonly type: "download-started"; readonly outDir: string; readonly fileCount: number }
  | {
      readonly type: "file-progressed";
      readonly relativePath: string;
      readonly receivedBytes: number;
      /** Absent when the host does not say. */
      readonly totalBytes?: number | undefined;
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
  readonly frame?: number | undefined;
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
  readonly frame?: number | undefined;
  readonly code: ErrorCode;
  /** For people: what happened, and what to do. */
  readonly reason: string;
}

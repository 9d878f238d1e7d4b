import { redactText } from "../text/redact.ts";
import { RenderjuiceError } from "./renderjuice-error.ts";

interface TransferErrorOptions<Code> {
  readonly code: Code;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly file?: string | undefined;
  readonly cause?: unknown;
}

/**
 * The source did not reach storage.
 *
 * @example
 * if (UploadError.isInstance(error) && error.code === "source_changed") console.error(error.file, error.hint);
 */
export class UploadError extends RenderjuiceError {
  readonly file: string | undefined;

  constructor(
    options: TransferErrorOptions<
      "upload_expired" | "upload_rejected" | "source_changed" | "source_unreadable"
    >,
  ) {
    super({
      ...options,
      hint: options.hint ?? "Submit again: a failed upload leaves nothing behind and costs nothing.",
    });
    this.file = options.file && redactText(options.file);
  }
}

/**
 * A file of the job could not be downloaded.
 *
 * @example
 * if (DownloadError.isInstance(error)) console.error(error.file, error.hint);
 */
export class DownloadError extends RenderjuiceError {
  readonly file: string | undefined;

  constructor(
    options: TransferErrorOptions<
      "download_incomplete" | "download_corrupt" | "downloads_unavailable" | "unsafe_path"
    >,
  ) {
    super({
      ...options,
      hint: options.hint ?? "Download again with the same job id: files that have arrived are kept.",
    });
    this.file = options.file && redactText(options.file);
  }
}

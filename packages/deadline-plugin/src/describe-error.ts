import { type ErrorCode, RenderjuiceError, redactText } from "@renderjuice/core";

/** Where what to do is another thing on a farm than elsewhere. */
const HINTS: Partial<Record<ErrorCode, string>> = {
  missing_api_key:
    "Set RENDERJUICE_API_KEY or RENDERJUICE_API_KEY_FILE in the Worker's environment, or the key of the Renderjuice plugin in the Monitor (Tools, Configure Plugins).",
  authentication_failed:
    "Check the key in the Worker's environment, or that of the Renderjuice plugin in the Monitor (Tools, Configure Plugins).",
  source_unreadable:
    "Check that this Worker sees the file, and the path mapping (Tools, Configure Repository Options, Mapped Paths).",
  job_canceled: "If that was not meant to happen, requeue the job: it is then rendered anew.",
  job_failed: "Mend the scene and requeue the job: it is then rendered anew.",
};

/** What went wrong and what to do, on one line and without anything secret. */
export function describeError(error: unknown): string {
  const text = RenderjuiceError.isInstance(error)
    ? [error.message, HINTS[error.code] ?? error.hint].filter(Boolean).join(" ")
    : redactText(error instanceof Error ? error.message : String(error));
  return text.replace(/\s*\n\s*/g, " ");
}

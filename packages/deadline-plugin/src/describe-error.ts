import { ConfigError, type ErrorCode, RenderjuiceError, redactText, terminalLine } from "@renderjuice/core";
import { isSystemError } from "./exit-codes.ts";

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
const KEY_FILE_HINT = "Put the key there, in a file that only the Worker's user can read.";
const SYSTEM_HINT =
  "Check that the share is mounted on this machine, that you may write there, and that there is room.";

/** What went wrong and what to do, on one line and without anything secret. */
export function describeError(error: unknown): string {
  const message = redactText(error instanceof Error ? error.message : String(error));
  const hint = hintFor(error);
  const text = hint ? `${message.replace(/([^.!?])$/, "$1.")} ${hint}` : message;
  return terminalLine(text);
}

function hintFor(error: unknown): string | undefined {
  if (isSystemError(error)) return SYSTEM_HINT;
  if (!RenderjuiceError.isInstance(error)) return undefined;
  const isKeyFile = ConfigError.isInstance(error) && error.option === "apiKeyFile";
  return HINTS[error.code] ?? error.hint ?? (isKeyFile ? KEY_FILE_HINT : undefined);
}

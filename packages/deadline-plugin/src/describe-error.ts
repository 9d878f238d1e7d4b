import { ConfigError, type ErrorCode, RenderjuiceError } from "@renderjuice/core";
import { redactText, terminalLine } from "@renderjuice/core/adapter";
import { isSystemError } from "./exit-codes.ts";

const SYSTEM_HINT =
  "Check that the share is mounted on this machine, that you can write to it, and that it is not full.";

/** Hints that are different on a farm. */
const HINTS: Partial<Record<ErrorCode, string>> = {
  missing_api_key:
    "Set RENDERJUICE_API_KEY or RENDERJUICE_API_KEY_FILE in the Worker's environment, or the key of the Renderjuice plugin in the Monitor (Tools, Configure Plugins).",
  authentication_failed:
    "Check the key in the Worker's environment, or the one of the Renderjuice plugin in the Monitor (Tools, Configure Plugins).",
  source_unreadable:
    "Check that this Worker sees the file, and the path mapping (Tools, Configure Repository Options, Mapped Paths).",
  scene_incomplete:
    "Pack the files into the .blend (File, External Data, Pack Resources), or submit the folder that holds them. To render without them, turn Require Complete Scene off in the job's plugin settings and requeue the job.",
  job_canceled: "If that was not intended, requeue the job to render it again.",
  job_failed: "Fix the scene and requeue the job to render it again.",
  file_system_error: SYSTEM_HINT,
};
const KEY_FILE_HINT = "Put the key into that file, and let only the Worker's user read it.";

/** What went wrong and what to do, on one line and without secrets. */
export function describeError(error: unknown): string {
  const message = redactText(error instanceof Error ? error.message : String(error));
  const hint = hintFor(error);
  const text = [message.replace(/([^.!?])$/, "$1."), hint, describeJob(error)].filter(Boolean).join(" ");
  return terminalLine(text);
}

/** A requeued task continues its job. */
function describeJob(error: unknown): string | undefined {
  if (!RenderjuiceError.isInstance(error) || error.jobId === undefined) return undefined;
  return error.message.includes(error.jobId) ? undefined : `The next attempt continues job ${error.jobId}.`;
}

function hintFor(error: unknown): string | undefined {
  if (isSystemError(error)) return SYSTEM_HINT;
  if (!RenderjuiceError.isInstance(error)) return undefined;
  const isKeyFile = ConfigError.isInstance(error) && error.option === "apiKeyFile";
  return HINTS[error.code] ?? error.hint ?? (isKeyFile ? KEY_FILE_HINT : undefined);
}

import { ConfigError, describeError as describe } from "@renderjuice/core";
import type { ErrorHints } from "@renderjuice/core/adapter";

const SHARE_HINT =
  "Check that the share is mounted on this machine, that you can write to it, and that it is not full.";

/** Hints that are different on a farm. */
const HINTS: ErrorHints = {
  missing_api_key:
    "Set RENDERJUICE_API_KEY or RENDERJUICE_API_KEY_FILE in the Worker's environment, or the key of the Renderjuice plugin in the Monitor (Tools, Configure Plugins).",
  authentication_failed:
    "Check the key in the Worker's environment, or the one of the Renderjuice plugin in the Monitor (Tools, Configure Plugins).",
  invalid_option: (error) =>
    error.hint ??
    (ConfigError.isInstance(error) && error.option === "apiKeyFile"
      ? "Put the key into that file, and let only the Worker's user read it."
      : undefined),
  source_unreadable:
    "Check that this Worker sees the file, and the path mapping (Tools, Configure Repository Options, Mapped Paths).",
  scene_incomplete:
    "Pack the files into the .blend (File, External Data, Pack Resources), or submit the folder that holds them. To render without them, turn Require Complete Scene off in the job's plugin settings and requeue the job.",
  job_canceled: "If that was not intended, requeue the job to render it again.",
  job_failed: "Fix the scene or the settings and requeue the job to render it again.",
  file_system_error: SHARE_HINT,
  system_error: SHARE_HINT,
};

/** What went wrong and what to do on a farm, where a requeued task continues its job. */
export function describeError(error: unknown): string {
  const { message, text, jobId } = describe(error, { hints: HINTS });
  if (jobId === undefined || message.includes(jobId)) return text;
  return `${text} The next attempt continues job ${jobId}.`;
}

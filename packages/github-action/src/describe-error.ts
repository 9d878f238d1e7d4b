import { type ErrorCode, RenderjuiceError } from "@renderjuice/core";
import { redactText } from "@renderjuice/core/adapter";

/** Where what to do is another thing in a workflow than elsewhere. */
const HINTS: Partial<Record<ErrorCode, string>> = {
  scene_incomplete:
    "Give a folder that holds the files as file (they may have to be added to the repository, or to Git LFS), or pack them into the .blend (File > External Data > Pack Resources). To render without them, set require-complete: false.",
  authentication_failed:
    "Check the secret that api-key names: the key may be mistyped, revoked, or made for another server than api-url names.",
};

/** What went wrong and what to do, without anything secret. */
export function describeError(error: unknown): string {
  if (!RenderjuiceError.isInstance(error))
    return redactText(error instanceof Error ? error.message : String(error));
  const hint = HINTS[error.code] ?? error.hint;
  return hint ? `${error.message} ${hint}` : error.message;
}

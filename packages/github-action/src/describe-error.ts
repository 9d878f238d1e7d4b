import { type ErrorCode, RenderjuiceError, redactText } from "@renderjuice/core";

/** Where what to do is another thing in a workflow than elsewhere. */
const HINTS: Partial<Record<ErrorCode, string>> = {
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

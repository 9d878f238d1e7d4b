import { RenderjuiceError, redactText } from "@renderjuice/core";

/** What went wrong and what to do, without anything secret. */
export function describeError(error: unknown): string {
  if (RenderjuiceError.isInstance(error))
    return error.hint ? `${error.message} ${error.hint}` : error.message;
  return redactText(error instanceof Error ? error.message : String(error));
}

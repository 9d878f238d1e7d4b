import { describeError as describe } from "@renderjuice/core";
import type { ErrorDescription, ErrorHints } from "@renderjuice/core/adapter";

const HINTS: ErrorHints = {
  scene_incomplete:
    "Pack the files into the .blend (File > External Data > Pack Resources), or put them next to it. To render without them, submit again without require_complete.",
  system_error:
    "Check that the file still exists, that you can read and write there, and that the disk is not full.",
  unexpected_error: "This is a bug in renderjuice-maya. Please report it, with the following:",
};

/** An error in words, for artists and for the log. */
export function describeError(error: unknown): ErrorDescription {
  return describe(error, { hints: HINTS });
}

/** Whether it is neither ours nor of the file system. */
export function isBug({ code }: ErrorDescription): boolean {
  return code === "unexpected_error" || code === "aborted";
}

import { describeError as describe } from "@renderjuice/core";
import type { ErrorHints } from "@renderjuice/core/adapter";

const HINTS: ErrorHints = {
  scene_incomplete:
    "Use a folder that contains the files as file (they may have to be added to the repository, or to Git LFS), or pack them into the .blend (File > External Data > Pack Resources). To render without them, set require-complete: false.",
  authentication_failed:
    "Check the secret that api-key refers to: the key may be mistyped, revoked, or for a different server than api-url.",
};

/** An error in words, with hints that name inputs of this action. */
export function describeError(error: unknown): string {
  return describe(error, { hints: HINTS }).text;
}

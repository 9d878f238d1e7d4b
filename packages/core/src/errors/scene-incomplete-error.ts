import type { Job } from "../contract/index.ts";
import { RenderjuiceError } from "./renderjuice-error.ts";

/**
 * The farm did not find some files that the scene uses, and `requireComplete` was set. Nothing was rendered.
 *
 * @example
 * if (SceneIncompleteError.isInstance(error)) console.error("Pack these:", error.missingFiles);
 */
export class SceneIncompleteError extends RenderjuiceError {
  /** As named in the server's analysis. */
  readonly missingFiles: readonly string[];

  constructor(options: { job: Job; missingFiles: readonly string[]; message: string }) {
    super({
      code: "scene_incomplete",
      job: options.job,
      message: `Nothing was rendered: ${options.message}`,
      hint: "Pack the files into the .blend (File > External Data > Pack Resources), or submit the folder or .zip that contains them. To render without them, continue with this job and do not require a complete scene.",
    });
    this.missingFiles = options.missingFiles;
  }
}

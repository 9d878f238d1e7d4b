import type { Job } from "../contract/index.ts";
import { RenderjuiceError } from "./renderjuice-error.ts";

/** The farm did not find files that the scene uses, and the caller wanted none to be missing. Nothing was rendered. */
export class SceneIncompleteError extends RenderjuiceError {
  /** As the server's analysis names them. */
  readonly missingFiles: readonly string[];

  constructor(options: { job: Job; missingFiles: readonly string[]; message: string }) {
    super({
      code: "scene_incomplete",
      job: options.job,
      message: `Nothing was rendered: ${options.message}`,
      hint: "Pack the files into the .blend (File > External Data > Pack Resources), or submit the folder or .zip that holds them. The job can still be rendered without them: go on with it, and do not ask for completeness.",
    });
    this.missingFiles = options.missingFiles;
  }
}

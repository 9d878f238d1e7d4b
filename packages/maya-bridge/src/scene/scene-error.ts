import { RenderjuiceError } from "@renderjuice/core";

/** The request from Maya cannot become a scene for the farm. Nothing was uploaded. */
export class SceneError extends RenderjuiceError {
  /** `unsupported`: this Blender cannot do it, but another one may. */
  readonly kind: "unreadable" | "unsupported" | "unwritable";
  /** Blender's output. */
  readonly log: string;

  constructor(options: {
    kind: SceneError["kind"];
    message: string;
    hint: string;
    log?: string | undefined;
    cause?: unknown;
  }) {
    super({ ...options, code: "source_unreadable", hint: options.hint || undefined });
    this.kind = options.kind;
    this.log = options.log ?? "";
  }
}

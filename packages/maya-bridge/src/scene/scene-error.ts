import { RenderjuiceError } from "@renderjuice/core";

/** What Maya handed over cannot become a scene for the farm. Nothing was uploaded. */
export class SceneError extends RenderjuiceError {
  /** `unsupported`: this Blender cannot, another one may. */
  readonly kind: "unreadable" | "unsupported" | "unwritable";
  /** What Blender has printed. */
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

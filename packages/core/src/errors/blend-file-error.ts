import { RenderjuiceError } from "./renderjuice-error.ts";

const HINTS = {
  blend_damaged:
    "Save the scene again in Blender, or use an intact copy (Blender keeps the previous version as .blend1).",
  blend_unsupported: "Save the scene as a .blend of Blender 5 or earlier.",
} as const;

/**
 * A `.blend` that cannot be read: it is cut off or damaged, exceeds a limit, or is not a `.blend` that this version knows.
 *
 * @example
 * ```ts
 * if (BlendFileError.isInstance(error)) console.error(error.message, error.offsetBytes);
 * ```
 */
export class BlendFileError extends RenderjuiceError {
  /**
   * Where in the file reading stopped, in bytes. In a compressed file, the place in the uncompressed content, unless the
   * compression itself is damaged.
   */
  readonly offsetBytes: number;

  constructor(options: {
    readonly code: "blend_damaged" | "blend_unsupported";
    /** Continues "The .blend file …". */
    readonly problem: string;
    readonly offsetBytes: number;
    readonly hint?: string | undefined;
    readonly cause?: unknown;
  }) {
    const { code, problem, offsetBytes, hint = HINTS[code], cause } = options;
    super({ code, message: `The .blend file ${problem} (at byte ${offsetBytes}).`, hint, cause });
    this.offsetBytes = offsetBytes;
  }
}

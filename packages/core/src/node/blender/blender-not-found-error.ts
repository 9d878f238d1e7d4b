import { RenderjuiceError } from "../../errors/index.ts";

const INSTALL_HINTS: Partial<Record<NodeJS.Platform, string>> = {
  linux: "Install it (`apt-get install blender`, `snap install blender --classic`, or from blender.org)",
  darwin: "Install it (`brew install --cask blender`, or from blender.org)",
  win32: "Install it (`winget install BlenderFoundation.Blender`, or from blender.org)",
};

/**
 * There is no usable Blender on this machine.
 *
 * @example
 * if (BlenderNotFoundError.isInstance(error)) console.error(error.message, error.hint);
 */
export class BlenderNotFoundError extends RenderjuiceError {
  constructor(message: string, options: { cause?: unknown; platform?: NodeJS.Platform | undefined } = {}) {
    const install = INSTALL_HINTS[options.platform ?? process.platform] ?? "Install it from blender.org";
    super({
      code: "blender_not_found",
      message,
      hint: `${install}, or set RENDERJUICE_BLENDER to the path of the executable.`,
      cause: options.cause,
    });
  }
}

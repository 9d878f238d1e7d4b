const INSTALL_HINTS: Partial<Record<NodeJS.Platform, string>> = {
  linux: "Install it (`apt-get install blender`, `snap install blender --classic`, or from blender.org)",
  darwin: "Install it (`brew install --cask blender`, or from blender.org)",
  win32: "Install it (`winget install BlenderFoundation.Blender`, or from blender.org)",
};

/** There is no Blender that the sandbox could use. `hint` says what to do next. */
export class BlenderNotFoundError extends Error {
  readonly code = "blender_not_found";
  readonly hint: string;

  constructor(message: string, options: ErrorOptions & { platform?: NodeJS.Platform } = {}) {
    const install = INSTALL_HINTS[options.platform ?? process.platform] ?? "Install it from blender.org";
    const hint = `${install}, or set RENDERJUICE_BLENDER to the path of the executable, or use the simulated renderer.`;
    super(`${message} ${hint}`, options);
    this.name = "BlenderNotFoundError";
    this.hint = hint;
  }
}

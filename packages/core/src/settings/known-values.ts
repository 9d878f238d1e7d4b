import {
  COLOR_DEPTHS,
  COLOR_MANAGEMENT_PRESETS,
  COLOR_MODES,
  COMPOSITOR_DEVICES,
  COMPUTE_DEVICE_TYPES,
  DENOISER_TYPES,
  EXR_CODECS,
  OUTPUT_FORMATS,
  RENDER_ENGINES,
  type RenderConfig,
  TIFF_CODECS,
} from "../contract/index.ts";
import { ConfigError } from "../errors/index.ts";

type Settings = Partial<RenderConfig>;

/** The settings that take one of a few values. The server may know others. */
export const KNOWN_VALUES: Readonly<Record<string, readonly string[]>> = {
  colorManagementPreset: COLOR_MANAGEMENT_PRESETS,
  renderEngine: RENDER_ENGINES,
  compositorDevice: COMPOSITOR_DEVICES,
  computeDeviceType: COMPUTE_DEVICE_TYPES,
  denoiserType: DENOISER_TYPES,
  outputFormat: OUTPUT_FORMATS,
  "outputSettings.colorMode": COLOR_MODES,
  "outputSettings.colorDepth": COLOR_DEPTHS,
  "outputSettings.exrCodec": EXR_CODECS,
  "outputSettings.tiffCodec": TIFF_CODECS,
};

/** The value of a setting, such as `outputSettings.quality`. */
export function settingAt(settings: Settings, name: string): unknown {
  return name
    .split(".")
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], settings);
}

/**
 * A value that differs from a known one only in case or separators is a slip: the farm may not know it, and would render
 * with another one.
 *
 * @throws ConfigError with the right spelling
 */
export function checkSpelling(settings: Settings): void {
  for (const [name, known] of Object.entries(KNOWN_VALUES)) {
    const value = settingAt(settings, name);
    if (typeof value !== "string" || known.includes(value)) continue;
    const meant = known.find((one) => withoutStyle(one) === withoutStyle(value));
    if (meant === undefined) continue;
    throw new ConfigError({
      code: "invalid_option",
      option: "settings",
      message: `${name} cannot be ${JSON.stringify(value)}.`,
      hint: `Write it as ${meant}.`,
    });
  }
}

function withoutStyle(value: string): string {
  return value.replace(/[\s_-]/g, "").toLowerCase();
}

import * as z from "zod/v4";
import { textsIn } from "./find-missing-files.ts";
import { type Documented, loosen, optional } from "./loose.ts";
import { openEnum } from "./open-enum.ts";

// Blender's identifiers. The server may know others.
/** Known values of `colorManagementPreset`. */
export const COLOR_MANAGEMENT_PRESETS = ["aces", "default"] as const;
/** Known values of `renderEngine`. */
export const RENDER_ENGINES = ["CYCLES", "BLENDER_EEVEE", "BLENDER_EEVEE_NEXT"] as const;
/** Known values of `compositorDevice`. */
export const COMPOSITOR_DEVICES = ["CPU", "GPU"] as const;
/** Known values of `computeDeviceType`. */
export const COMPUTE_DEVICE_TYPES = ["CUDA", "OPTIX"] as const;
/** Known values of `denoiserType`. */
export const DENOISER_TYPES = ["OPTIX", "OPENIMAGEDENOISE"] as const;
/** Known values of `outputFormat`. */
export const OUTPUT_FORMATS = ["PNG", "JPEG", "OPEN_EXR", "OPEN_EXR_MULTILAYER", "TIFF"] as const;
/** Known values of `outputSettings.colorMode`. */
export const COLOR_MODES = ["BW", "RGB", "RGBA"] as const;
/** Known values of `outputSettings.colorDepth`. */
export const COLOR_DEPTHS = ["8", "10", "12", "16", "32"] as const;
/** Known values of `outputSettings.exrCodec`. */
export const EXR_CODECS = [
  "NONE",
  "PXR24",
  "ZIP",
  "PIZ",
  "RLE",
  "ZIPS",
  "B44",
  "B44A",
  "DWAA",
  "DWAB",
] as const;
/** Known values of `outputSettings.tiffCodec`. */
export const TIFF_CODECS = ["NONE", "DEFLATE", "LZW", "PACKBITS"] as const;

/** Reads `OutputSettings`. */
export const outputSettingsSchema = z.strictObject({
  colorMode: openEnum(COLOR_MODES).optional(),
  /** Bits per channel, as a string. */
  colorDepth: openEnum(COLOR_DEPTHS).optional(),
  exrCodec: openEnum(EXR_CODECS).optional(),
  tiffCodec: openEnum(TIFF_CODECS).optional(),
  /** PNG compression, 0 to 100. */
  compression: z.number().optional(),
  /** JPEG quality, 0 to 100. */
  quality: z.number().optional(),
});
/** What a file format needs to know. */
export interface OutputSettings extends z.infer<typeof outputSettingsSchema> {}

/** Reads a `RenderConfig`. */
export const renderConfigSchema = z.strictObject({
  colorManagementPreset: openEnum(COLOR_MANAGEMENT_PRESETS),
  /** Each element is one range, such as `"1-250"` or `"7"`. */
  frameRanges: z.array(z.string().min(1)).optional(),
  notes: z.string().optional(),
  renderEngine: openEnum(RENDER_ENGINES).optional(),
  compositorDevice: openEnum(COMPOSITOR_DEVICES).optional(),
  computeDeviceType: openEnum(COMPUTE_DEVICE_TYPES).optional(),
  gpuCount: z.number().optional(),
  sampleCount: z.number().optional(),
  denoisingEnabled: z.boolean().optional(),
  denoiserType: openEnum(DENOISER_TYPES).optional(),
  /** `[width, height]` in pixels. */
  resolution: z.array(z.number()).optional(),
  /** Percent of `resolution`, as in Blender. */
  resolutionPercentage: z.number().optional(),
  outputFormat: openEnum(OUTPUT_FORMATS).optional(),
  fps: z.number().optional(),
  /** Cycles auto-tiling. */
  useTiling: z.boolean().optional(),
  /** Pixels. */
  tileSize: z.number().optional(),
  outputSettings: outputSettingsSchema.optional(),
  /** Probably in GB; the unit is undocumented. */
  minimumRam: z.number().optional(),
});
/**
 * `requestedRenderConfig` of `POST /jobs/{id}/render`. Only `colorManagementPreset` is required; other settings default to
 * those of the scene. Unknown keys are rejected: if the server ignored a misspelled setting, you would pay for the wrong
 * render.
 */
export interface RenderConfig extends z.infer<typeof renderConfigSchema> {
  outputSettings?: OutputSettings | undefined;
}

/** The body of `POST /jobs/{id}/render`. */
export const startRenderRequestSchema = z.strictObject({ requestedRenderConfig: renderConfigSchema });

export const requestedConfigSchema = loosen(renderConfigSchema).extend({
  outputSettings: optional(loosen(outputSettingsSchema)),
});
/** A `RenderConfig` as a job echoes it: any of it may be absent. */
export interface RequestedConfig extends Documented<z.infer<typeof requestedConfigSchema>> {}

export const finalConfigSchema = requestedConfigSchema.extend({
  /** What could not be done as requested, in words. */
  warnings: optional(z.preprocess(textsIn, z.array(z.string()))),
});
/** The settings that were actually used. */
export interface FinalConfig extends Documented<z.infer<typeof finalConfigSchema>> {}

import { ConfigError, type RenderConfig } from "@renderjuice/core";
import {
  COLOR_DEPTHS,
  COLOR_MANAGEMENT_PRESETS,
  COLOR_MODES,
  COMPOSITOR_DEVICES,
  COMPUTE_DEVICE_TYPES,
  DENOISER_TYPES,
  EXR_CODECS,
  OUTPUT_FORMATS,
  type OutputSettings,
  outputSettingsSchema,
  RENDER_ENGINES,
  TIFF_CODECS,
} from "@renderjuice/core/adapter";
import type { IDataObject, INodeProperties, INodePropertyOptions } from "n8n-workflow";
import { findChoice, isBlank, toFlag, toNumber, toText } from "./field-values.ts";

/** Where a name as Blender spells it is not what people say. */
const TITLES: Readonly<Record<string, string>> = {
  aces: "ACES",
  default: "As in the Scene",
  CYCLES: "Cycles",
  BLENDER_EEVEE: "Eevee",
  BLENDER_EEVEE_NEXT: "Eevee Next",
  OPTIX: "OptiX",
  OPENIMAGEDENOISE: "Open Image Denoise",
  OPEN_EXR: "OpenEXR",
  OPEN_EXR_MULTILAYER: "OpenEXR Multilayer",
  BW: "Grayscale",
  NONE: "None",
  DEFLATE: "Deflate",
  PACKBITS: "Packbits",
};

function choice(
  displayName: string,
  name: string,
  values: readonly string[],
  description: string,
): INodeProperties {
  const options: INodePropertyOptions[] = values.map((value) => ({ name: TITLES[value] ?? value, value }));
  options.sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
  const [first = ""] = values;
  return { displayName, name, type: "options", options, default: first, description };
}

function count(
  displayName: string,
  name: string,
  initial: number,
  description: string,
  minValue = 1,
): INodeProperties {
  return { displayName, name, type: "number", typeOptions: { minValue }, default: initial, description };
}

/** Every setting of `requestedRenderConfig`; those of `outputSettings` stand beside the others. */
export const renderSettingsField: INodeProperties = {
  displayName: "Render Settings",
  name: "renderSettings",
  type: "collection",
  placeholder: "Add Setting",
  default: {},
  description: "What is not set here is as it is in the scene",
  options: [
    choice("Color Depth", "colorDepth", COLOR_DEPTHS, "Bits per channel"),
    choice(
      "Color Management Preset",
      "colorManagementPreset",
      COLOR_MANAGEMENT_PRESETS,
      "Color transform of the output",
    ),
    choice("Color Mode", "colorMode", COLOR_MODES, "Channels of the output"),
    choice("Compositor Device", "compositorDevice", COMPOSITOR_DEVICES, "What runs the compositor"),
    count("Compression", "compression", 15, "PNG compression in percent", 0),
    choice("Compute Device", "computeDeviceType", COMPUTE_DEVICE_TYPES, "How Cycles uses the GPU"),
    choice("Denoiser", "denoiserType", DENOISER_TYPES, "What removes noise"),
    {
      displayName: "Denoising",
      name: "denoisingEnabled",
      type: "boolean",
      default: true,
      description: "Whether to remove noise from Cycles renders",
    },
    choice("EXR Codec", "exrCodec", EXR_CODECS, "Compression of OpenEXR files"),
    count("FPS", "fps", 24, "Frames per second"),
    count("GPU Count", "gpuCount", 1, "GPUs per frame"),
    count("Minimum RAM", "minimumRam", 16, "Memory that the farm's machines must have"),
    {
      displayName: "Notes",
      name: "notes",
      type: "string",
      default: "",
      description: "A text that is kept with the job",
    },
    choice("Output Format", "outputFormat", OUTPUT_FORMATS, "File format of the frames"),
    count("Quality", "quality", 90, "JPEG quality in percent", 0),
    choice("Render Engine", "renderEngine", RENDER_ENGINES, "What renders"),
    count("Resolution Height", "resolutionHeight", 1080, "Pixels. Needs the width too."),
    count("Resolution Percentage", "resolutionPercentage", 100, "Percent of the resolution, as in Blender"),
    count("Resolution Width", "resolutionWidth", 1920, "Pixels. Needs the height too."),
    count("Sample Count", "sampleCount", 128, "Samples per pixel"),
    choice("TIFF Codec", "tiffCodec", TIFF_CODECS, "Compression of TIFF files"),
    count("Tile Size", "tileSize", 2048, "Pixels"),
    {
      displayName: "Use Tiling",
      name: "useTiling",
      type: "boolean",
      default: true,
      description: "Whether Cycles renders large frames in tiles, which needs less memory",
    },
  ],
};

const OUTPUT_SETTINGS = Object.keys(outputSettingsSchema.shape);

const FIELDS = (renderSettingsField.options ?? []) as readonly INodeProperties[];

/** In the type that the API wants. Of choices the farm may know others than we do. */
function toSetting(field: INodeProperties, value: unknown): unknown {
  if (field.type === "number") return toNumber(field, value);
  if (field.type === "boolean") return toFlag(field, value);
  const text = toText(field, value);
  return field.type === "options" ? (findChoice(field, text) ?? text) : text;
}

/**
 * The collection's values in the shape of the API. What is empty is not set.
 *
 * @throws ConfigError for a value that its field cannot have.
 */
export function readRenderSettings(values: IDataObject): Partial<RenderConfig> {
  const settings: IDataObject = {};
  const outputSettings: IDataObject = {};
  for (const [name, value] of Object.entries(values)) {
    if (isBlank(value)) continue;
    const field = FIELDS.find((one) => one.name === name);
    if (!field) throw unknownSetting(name);
    const target = OUTPUT_SETTINGS.includes(field.name) ? outputSettings : settings;
    Object.assign(target, { [field.name]: toSetting(field, value) });
  }
  const { resolutionWidth: width, resolutionHeight: height, ...others } = settings;
  return {
    ...others,
    ...((width !== undefined || height !== undefined) && { resolution: readResolution(width, height) }),
    ...(Object.keys(outputSettings).length > 0 && { outputSettings: outputSettings as OutputSettings }),
  } as Partial<RenderConfig>;
}

function unknownSetting(name: string): ConfigError {
  return new ConfigError({
    code: "invalid_option",
    option: "renderSettings",
    message: `There is no render setting "${name}".`,
    hint: `Render Settings are: ${FIELDS.map((field) => field.name).join(", ")}.`,
  });
}

function readResolution(width: unknown, height: unknown): unknown[] {
  if (width !== undefined && height !== undefined) return [width, height];
  const [given, other] = width === undefined ? ["Height", "Width"] : ["Width", "Height"];
  throw new ConfigError({
    code: "invalid_option",
    option: "resolution",
    message: `Resolution ${given} is set without Resolution ${other}.`,
    hint: `Set Resolution ${other} too, or use Resolution Percentage to keep the scene's proportions.`,
  });
}

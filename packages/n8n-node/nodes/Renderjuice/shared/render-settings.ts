import { ConfigError, type RenderConfig } from "@renderjuice/core";
import {
  buildRenderConfig,
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
import type { Fields } from "./fields-of-item.ts";

/** For names that Blender's Python API spells differently from its user interface. */
const TITLES: Readonly<Record<string, string>> = {
  aces: "ACES",
  default: "Same as Scene",
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

/** Every setting of `requestedRenderConfig`. Those of `outputSettings` are listed together with the others. */
export const renderSettingsField: INodeProperties = {
  displayName: "Render Settings",
  name: "renderSettings",
  type: "collection",
  placeholder: "Add Setting",
  default: {},
  description: "Settings that are not added here stay as they are in the scene",
  options: [
    choice("Color Depth", "colorDepth", COLOR_DEPTHS, "Bits per channel"),
    choice(
      "Color Management Preset",
      "colorManagementPreset",
      COLOR_MANAGEMENT_PRESETS,
      "Color transform of the output files",
    ),
    choice("Color Mode", "colorMode", COLOR_MODES, "Color channels of the output files"),
    choice("Compositor Device", "compositorDevice", COMPOSITOR_DEVICES, "Device that runs the compositor"),
    count("Compression", "compression", 15, "PNG compression in percent", 0),
    choice("Compute Device", "computeDeviceType", COMPUTE_DEVICE_TYPES, "How Cycles uses the GPU"),
    choice("Denoiser", "denoiserType", DENOISER_TYPES, "Method for removing noise"),
    {
      displayName: "Denoising",
      name: "denoisingEnabled",
      type: "boolean",
      default: true,
      description: "Whether to remove noise from Cycles renders",
    },
    choice("EXR Codec", "exrCodec", EXR_CODECS, "Compression method of OpenEXR files"),
    count("FPS", "fps", 24, "Frames per second"),
    count("GPU Count", "gpuCount", 1, "GPUs per frame"),
    count("Minimum RAM", "minimumRam", 16, "Memory that a machine of the farm must have"),
    {
      displayName: "Notes",
      name: "notes",
      type: "string",
      default: "",
      description: "Text to store with the job",
    },
    choice("Output Format", "outputFormat", OUTPUT_FORMATS, "File format of the frames"),
    count("Quality", "quality", 90, "JPEG quality in percent", 0),
    choice("Render Engine", "renderEngine", RENDER_ENGINES, "Engine that renders the scene"),
    count("Resolution Height", "resolutionHeight", 1080, "Height in pixels. Also requires Resolution Width."),
    count(
      "Resolution Percentage",
      "resolutionPercentage",
      100,
      "Scale of the resolution in percent, as in Blender",
    ),
    count("Resolution Width", "resolutionWidth", 1920, "Width in pixels. Also requires Resolution Height."),
    count("Sample Count", "sampleCount", 128, "Samples per pixel"),
    choice("TIFF Codec", "tiffCodec", TIFF_CODECS, "Compression method of TIFF files"),
    count("Tile Size", "tileSize", 2048, "Size of a tile in pixels"),
    {
      displayName: "Use Tiling",
      name: "useTiling",
      type: "boolean",
      default: true,
      description: "Whether to render large frames in tiles, which needs less memory (Cycles only)",
    },
  ],
};

const OUTPUT_SETTINGS = Object.keys(outputSettingsSchema.shape);

const FIELDS = (renderSettingsField.options ?? []) as readonly INodeProperties[];

/** As the type that the API expects. The farm may know options that are not listed here. */
function toSetting(field: INodeProperties, value: unknown): unknown {
  if (field.type === "number") return toNumber(field, value);
  if (field.type === "boolean") return toFlag(field, value);
  const text = toText(field, value);
  return field.type === "options" ? (findChoice(field, text) ?? text) : text;
}

/**
 * The collection's values in the shape of the API, without empty ones.
 *
 * @throws ConfigError if a value is not valid for its field
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

/** What to render, from the fields Frames and Render Settings. */
export function readRenderConfig(fields: Fields): RenderConfig {
  return buildRenderConfig(readRenderSettings(fields.collection("renderSettings")), fields.frames("frames"));
}

function unknownSetting(name: string): ConfigError {
  return new ConfigError({
    code: "invalid_option",
    option: "renderSettings",
    message: `There is no render setting "${name}".`,
    hint: `The render settings are: ${FIELDS.map((field) => field.name).join(", ")}.`,
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

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
  RENDER_ENGINES,
  type RenderConfig,
  TIFF_CODECS,
} from "@renderjuice/core";
import type { IDataObject, INodeProperties, INodePropertyOptions } from "n8n-workflow";

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

function count(displayName: string, name: string, initial: number, description: string): INodeProperties {
  return { displayName, name, type: "number", typeOptions: { minValue: 0 }, default: initial, description };
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
    count("Compression", "compression", 15, "PNG compression in percent"),
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
    count("Quality", "quality", 90, "JPEG quality in percent"),
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

const OUTPUT_SETTINGS = ["colorDepth", "colorMode", "compression", "exrCodec", "quality", "tiffCodec"];

const FIELD_TYPES = new Map(
  renderSettingsField.options?.map((field) => [field.name, "type" in field ? field.type : undefined]),
);

/** Expressions often give text where a sheet or a form had a number. What is none is left for core to refuse. */
function toFieldType(name: string, value: unknown): unknown {
  const type = FIELD_TYPES.get(name);
  if (type === "number" && typeof value === "string") {
    const number = value.trim() === "" ? Number.NaN : Number(value);
    return Number.isNaN(number) ? value : number;
  }
  if (type === "boolean" && (value === "true" || value === "false")) return value === "true";
  if (type === "options" && typeof value === "number") return String(value);
  return value;
}

/** The collection's values in the shape of the API; core checks them. */
export function readRenderSettings(values: IDataObject): Partial<RenderConfig> {
  const { resolutionWidth, resolutionHeight, ...others } = values;
  const settings: IDataObject = {};
  const outputSettings: IDataObject = {};
  for (const [name, value] of Object.entries(others)) {
    if (value === "" || value === null || value === undefined) continue;
    Object.assign(OUTPUT_SETTINGS.includes(name) ? outputSettings : settings, {
      [name]: toFieldType(name, value),
    });
  }
  return {
    ...settings,
    ...((resolutionWidth || resolutionHeight) && {
      resolution: [Number(resolutionWidth ?? 0), Number(resolutionHeight ?? 0)],
    }),
    ...(Object.keys(outputSettings).length > 0 && { outputSettings: outputSettings as OutputSettings }),
  } as Partial<RenderConfig>;
}

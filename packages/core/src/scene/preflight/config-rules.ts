import { expandFrames } from "../../frame-ranges/index.ts";
import { KNOWN_VALUES, settingAt } from "../../settings/known-values.ts";
import { nearest } from "../../settings/nearest.ts";
import type { PreflightIssue } from "./preflight-issue.ts";
import type { SourceFacts } from "./source-facts.ts";

/** More is not an error, but worth a second look before it is paid for. */
const MANY_FRAMES = 5000;
const MAX_SIDE_PIXELS = 65_536;

export function checkFrames({ config }: SourceFacts): PreflightIssue[] {
  if (!config?.frameRanges) return [];
  try {
    const { length } = expandFrames(config.frameRanges);
    if (length <= MANY_FRAMES) return [];
    return [
      warn(
        "frames-many",
        "frameRanges",
        `${length} frames are requested.`,
        "Check the frame range before you pay for it.",
      ),
    ];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [fail("frames-invalid", "frameRanges", message, 'Use ranges such as "1-250" or "7".')];
  }
}

type Limits = readonly [minimum: number, maximum: number];
const LIMITS: Readonly<Record<string, Limits>> = {
  gpuCount: [1, Number.POSITIVE_INFINITY],
  sampleCount: [1, Number.POSITIVE_INFINITY],
  resolutionPercentage: [1, 16_384],
  fps: [1, 32_767],
  tileSize: [1, MAX_SIDE_PIXELS],
  minimumRam: [1, Number.POSITIVE_INFINITY],
  "outputSettings.compression": [0, 100],
  "outputSettings.quality": [0, 100],
};

export function checkNumbers({ config }: SourceFacts): PreflightIssue[] {
  if (!config) return [];
  return Object.entries(LIMITS).flatMap(([path, [minimum, maximum]]) => {
    const value = settingAt(config, path);
    if (typeof value !== "number" || (value >= minimum && value <= maximum)) return [];
    const range =
      maximum === Number.POSITIVE_INFINITY ? `${minimum} or more` : `a value from ${minimum} to ${maximum}`;
    return [fail("setting-out-of-range", path, `${path} is ${value}.`, `Use ${range}.`)];
  });
}

export function checkResolution({ config }: SourceFacts): PreflightIssue[] {
  const issues: PreflightIssue[] = [];
  const { resolution, resolutionPercentage } = config ?? {};
  const isSide = (side: number) => Number.isInteger(side) && side >= 1 && side <= MAX_SIDE_PIXELS;
  if (resolution && !(resolution.length === 2 && resolution.every(isSide))) {
    const message = `resolution is ${JSON.stringify(resolution)}.`;
    issues.push(
      fail("resolution-invalid", "resolution", message, "Use width and height in pixels, such as 1920x1080."),
    );
  }
  if (resolutionPercentage !== undefined && resolutionPercentage > 100) {
    const message = `resolutionPercentage is ${resolutionPercentage}: larger than in the scene, and more expensive.`;
    issues.push(
      warn(
        "resolution-enlarged",
        "resolutionPercentage",
        message,
        "Use 100 or less if you did not intend that.",
      ),
    );
  }
  return issues;
}

/** The server may know more values, so an unknown one is only a warning. */
export function checkChoices({ config }: SourceFacts): PreflightIssue[] {
  if (!config) return [];
  return Object.entries(KNOWN_VALUES).flatMap(([path, choices]) => {
    const value = settingAt(config, path);
    if (typeof value !== "string" || choices.includes(value)) return [];
    const likely = nearest(value, choices);
    const fix = likely ? `Did you mean ${likely}?` : `Known values: ${choices.join(", ")}.`;
    return [warn("setting-unknown-value", path, `${path} is "${value}", which is not a known value.`, fix)];
  });
}

const DEPTHS: Readonly<Record<string, readonly string[]>> = {
  PNG: ["8", "16"],
  JPEG: ["8"],
  TIFF: ["8", "16"],
  OPEN_EXR: ["16", "32"],
  OPEN_EXR_MULTILAYER: ["16", "32"],
};

export function checkOutputFormat({ config }: SourceFacts): PreflightIssue[] {
  const { outputFormat, outputSettings } = config ?? {};
  if (!outputFormat || !outputSettings) return [];
  const { colorDepth, colorMode } = outputSettings;
  const depths = DEPTHS[outputFormat];
  const issues: PreflightIssue[] = [];
  if (colorDepth !== undefined && depths && !depths.includes(colorDepth)) {
    const message = `${outputFormat} does not support ${colorDepth} bits per channel.`;
    issues.push(
      warn("color-depth-unavailable", "outputSettings.colorDepth", message, `Choose ${depths.join(" or ")}.`),
    );
  }
  if (outputFormat === "JPEG" && colorMode === "RGBA") {
    issues.push(
      warn(
        "jpeg-without-alpha",
        "outputSettings.colorMode",
        "JPEG does not support an alpha channel.",
        "Choose PNG or OPEN_EXR to keep it.",
      ),
    );
  }
  return issues;
}

function fail(ruleId: string, path: string, message: string, fix: string): PreflightIssue {
  return { ruleId, severity: "error", message, fix, path };
}

function warn(ruleId: string, path: string, message: string, fix: string): PreflightIssue {
  return { ruleId, severity: "warning", message, fix, path };
}

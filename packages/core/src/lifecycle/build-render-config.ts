import { type RenderConfig, renderConfigSchema } from "../contract/index.ts";
import { toFrameRanges } from "../frame-ranges/index.ts";
import { checkInput } from "../resources/check-input.ts";

/** The required preset when nobody chose one: what the scene says. */
const DEFAULT_COLOR_MANAGEMENT_PRESET = "default";

/** @throws ConfigError for a setting that does not exist or a frame range that makes no sense. */
export function buildRenderConfig(
  settings: Partial<RenderConfig> = {},
  frames?: string | readonly string[],
): RenderConfig {
  const config = {
    colorManagementPreset: DEFAULT_COLOR_MANAGEMENT_PRESET,
    ...settings,
    ...(frames !== undefined && { frameRanges: toFrameRanges(frames) }),
  };
  return checkInput(renderConfigSchema, config, "render settings");
}

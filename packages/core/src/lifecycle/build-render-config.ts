import { type RenderConfig, renderConfigSchema } from "../contract/index.ts";
import { ConfigError } from "../errors/index.ts";
import { toFrameRanges } from "../frame-ranges/index.ts";
import { checkInput } from "../settings/check-input.ts";
import { checkSpelling } from "../settings/known-values.ts";

/** The API requires a preset. What this one does is not documented; probably it keeps the scene's own. */
const DEFAULT_COLOR_MANAGEMENT_PRESET = "default";

/**
 * The render config of a job: settings and frames, with the default color management.
 *
 * @throws ConfigError for an unknown setting, a misspelled value or an invalid frame range
 * @example
 * buildRenderConfig({ sampleCount: 64 }, "1-24");
 */
export function buildRenderConfig(
  settings: Partial<RenderConfig> = {},
  frames?: string | readonly string[],
): RenderConfig {
  if (frames !== undefined && settings.frameRanges !== undefined) throw framesTwice();
  const config = checkInput(
    renderConfigSchema,
    {
      colorManagementPreset: DEFAULT_COLOR_MANAGEMENT_PRESET,
      ...settings,
      ...(frames !== undefined && { frameRanges: toFrameRanges(frames) }),
    },
    { option: "settings", member: "setting" },
  );
  checkSpelling(config);
  return config;
}

function framesTwice(): ConfigError {
  return new ConfigError({
    code: "invalid_option",
    option: "frames",
    message: "The frames are given twice: as frames, and as the setting frameRanges.",
    hint: "Remove one of them.",
  });
}

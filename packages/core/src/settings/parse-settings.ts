import type * as z from "zod/v4";
import { outputSettingsSchema, type RenderConfig, renderConfigSchema } from "../contract/index.ts";
import { ConfigError } from "../errors/index.ts";
import { checkSpelling } from "./known-values.ts";
import { nearest } from "./nearest.ts";

/** The names of all settings; those inside `outputSettings` with a dot. */
export const SETTING_NAMES: readonly string[] = [
  ...Object.keys(renderConfigSchema.shape).filter((name) => name !== "outputSettings"),
  ...Object.keys(outputSettingsSchema.shape).map((name) => `outputSettings.${name}`),
];

/** Settings that remain strings although they look like numbers. */
const TEXT_SETTINGS = new Set(["notes", "outputSettings.colorDepth"]);

/**
 * Reads settings as people type them: `resolutionPercentage=50`, `outputSettings.colorDepth=16`, `resolution=1920x1080`,
 * `frameRanges=1-10,20`. Later values win.
 *
 * @throws ConfigError for an unknown setting, with the most similar name, or for an invalid value
 * @example
 * parseSettings(["resolutionPercentage=50", "outputSettings.colorDepth=16"]);
 */
export function parseSettings(assignments: readonly string[]): Partial<RenderConfig> {
  return collect(assignments.map(splitAssignment));
}

/**
 * Reads settings from YAML or JSON. Strings are read like those of `parseSettings`.
 *
 * @throws ConfigError for an unknown setting, with the most similar name, or for an invalid value
 * @example
 * readSettings({ resolutionPercentage: "50", outputSettings: { colorDepth: 16 } });
 */
export function readSettings(value: unknown): Partial<RenderConfig> {
  if (!isRecord(value)) {
    throw invalid(
      "Settings must be name: value pairs.",
      "Use the form name: value, such as resolutionPercentage: 50.",
    );
  }
  const { outputSettings, ...settings } = value;
  if (!isRecord(outputSettings)) return collect(Object.entries(value));
  const ofOutput = Object.entries(outputSettings).map(
    ([name, member]): Assignment => [`outputSettings.${name}`, member],
  );
  return collect([...Object.entries(settings), ...ofOutput]);
}

type Assignment = readonly [name: string, value: unknown];

function splitAssignment(assignment: string): Assignment {
  const [, before = "", text = ""] = /^([^=]+)=(.*)$/s.exec(assignment) ?? [];
  const name = before.trim();
  if (name === "") {
    throw invalid(
      `"${assignment}" is not a setting.`,
      "Use the form name=value, such as resolutionPercentage=50.",
    );
  }
  return [name, text.trim()];
}

function collect(assignments: readonly Assignment[]): Partial<RenderConfig> {
  const settings: Record<string, unknown> = {};
  for (const [name, value] of assignments) assign(settings, checkName(name), readValue(name, value));
  const parsed = renderConfigSchema.partial().safeParse(settings);
  if (!parsed.success) throw invalid(describeWrongValue(settings, parsed.error.issues[0]));
  checkSpelling(settings);
  return settings;
}

const KINDS: Readonly<Record<string, string>> = {
  boolean: "true or false",
  array: "width and height, such as 1920x1080",
  string: "text",
};

function describeWrongValue(settings: Record<string, unknown>, issue: z.core.$ZodIssue | undefined): string {
  const path = issue?.path ?? [];
  const value = path.reduce<unknown>((group, key) => (group as Record<PropertyKey, unknown>)[key], settings);
  const kind = issue?.code === "invalid_type" && (KINDS[issue.expected] ?? `a ${issue.expected}`);
  const name = path.join(".");
  if (!kind) return `${name} cannot be ${JSON.stringify(value)}: ${issue?.message}.`;
  return `${name} must be ${kind}; ${JSON.stringify(value)} is not${kind.startsWith("a ") ? " one" : ""}.`;
}

function checkName(name: string): string {
  if (SETTING_NAMES.includes(name)) return name;
  const likely = nearest(name, SETTING_NAMES);
  throw invalid(
    `There is no setting "${name}".`,
    likely ? `Did you mean ${likely}?` : `The settings are: ${SETTING_NAMES.join(", ")}.`,
  );
}

function readValue(name: string, value: unknown): unknown {
  if (typeof value === "string") return parseText(name, value);
  if (name === "frameRanges" && Array.isArray(value)) return value.map(String);
  return TEXT_SETTINGS.has(name) && typeof value === "number" ? String(value) : value;
}

function parseText(name: string, text: string): unknown {
  if (TEXT_SETTINGS.has(name)) return text;
  if (name === "frameRanges")
    return text
      .replace(/^\[|\]$|"/g, "")
      .split(",")
      .map((range) => range.trim());
  const [, width, height] = /^(\d+)\s*[x,]\s*(\d+)$/.exec(text) ?? [];
  if (name === "resolution" && width && height) return [Number(width), Number(height)];
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function assign(settings: Record<string, unknown>, name: string, value: unknown): void {
  const [group, member] = name.split(".");
  if (group === undefined || member === undefined) settings[name] = value;
  else settings[group] = { ...(settings[group] as Record<string, unknown> | undefined), [member]: value };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(message: string, hint?: string): ConfigError {
  return new ConfigError({ code: "invalid_option", option: "settings", message, hint });
}

import type { RenderConfig } from "@renderjuice/core";
import { parseSettings, SETTING_NAMES } from "@renderjuice/core/adapter";

/**
 * Reads settings as Deadline keeps them: one `name=value` per line, the lines joined by `;`. A value may contain a `;`:
 * whatever does not start with the name of a setting belongs to the value before it.
 *
 * @throws ConfigError if the first name is not a setting (with the closest one), or a value has the wrong type.
 */
export function parseSettingsText(text: string): Partial<RenderConfig> {
  const assignments: string[] = [];
  for (const piece of text.split(/[;\r\n]/)) {
    if (assignments.length === 0 || beginsSetting(piece)) {
      if (piece.trim() !== "") assignments.push(piece);
    } else assignments.push(`${assignments.pop()};${piece}`);
  }
  return parseSettings(assignments.map((assignment) => assignment.replace(/[;\s]+$/, "")));
}

function beginsSetting(piece: string): boolean {
  const [, name] = /^\s*([\w.]+)\s*=/.exec(piece) ?? [];
  return name !== undefined && SETTING_NAMES.includes(name);
}

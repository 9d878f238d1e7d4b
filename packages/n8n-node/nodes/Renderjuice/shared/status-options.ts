import type { INodePropertyOptions } from "n8n-workflow";

/** Statuses to choose from, as the editor wants them: capitalized and in alphabetical order. */
export function statusOptions(statuses: readonly string[], prefix = ""): INodePropertyOptions[] {
  return statuses
    .map((value) => ({ name: `${prefix}${value.charAt(0).toUpperCase()}${value.slice(1)}`, value }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

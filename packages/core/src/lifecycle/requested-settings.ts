import type * as z from "zod/v4";
import { type Job, outputSettingsSchema, type RenderConfig, renderConfigSchema } from "../contract/index.ts";

/**
 * The settings that a job was started with, frames included, to submit its scene again. Empty if the server does not
 * report them. The notes are left out, and so is whatever the server has added.
 *
 * @example
 * for await (const job of client.jobs.list({ status: "failed" }))
 *   await client.submit("shot.blend", { settings: requestedSettings(job) });
 */
export function requestedSettings({ requestedConfig }: Job): Partial<RenderConfig> {
  const { notes: _notes, outputSettings: _output, ...members } = renderConfigSchema.shape;
  const settings = pick(members, requestedConfig);
  const outputSettings = pick(outputSettingsSchema.shape, requestedConfig?.outputSettings);
  return Object.keys(outputSettings).length > 0 ? { ...settings, outputSettings } : settings;
}

/** The members that have a value of the right type. */
function pick(shape: Readonly<Record<string, z.ZodType>>, values: object | null | undefined): object {
  const members = Object.entries(shape).flatMap(([name, schema]) => {
    const { data } = schema.safeParse((values as Record<string, unknown> | null | undefined)?.[name]);
    return data === undefined ? [] : [[name, data]];
  });
  return Object.fromEntries(members);
}

import * as z from "zod/v4";

/** One of the known values today; the server may add others at any time. */
export type Open<Known extends string> = Known | (string & {});

/** Accepts any string, typed so that editors suggest the known values. */
export function openEnum<const Known extends string>(_known: readonly Known[], text = z.string()) {
  return text as unknown as z.ZodType<Open<Known>, Open<Known>>;
}

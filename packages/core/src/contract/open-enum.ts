import { z } from "zod/v4";

/** A string that is one of the known values today; the server may add others at any time. */
export type Open<Known extends string> = Known | (string & {});

/** Parses any string, typed so that editors complete the known values. The raw value is kept. */
export function openEnum<const Known extends string>(_known: readonly Known[]) {
  return z.string() as unknown as z.ZodType<Open<Known>, Open<Known>>;
}

import * as z from "zod/v4";
import { ConfigError } from "../errors/index.ts";

/** Validates input from the caller. @throws ConfigError `invalid_option` that lists every problem */
export function checkInput<T>(schema: z.ZodType<T>, input: unknown, option: string): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new ConfigError({
    code: "invalid_option",
    option,
    message: `Invalid ${option}:\n${z.prettifyError(result.error)}`,
    cause: result.error,
  });
}

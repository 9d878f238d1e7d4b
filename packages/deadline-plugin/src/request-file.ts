import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { ConfigError } from "@renderjuice/core";
import * as z from "zod/v4";

/** Reads what the render plugin has written. @throws ConfigError if the file cannot be read or is not valid. */
export async function readRequestFile<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): Promise<z.infer<Schema>> {
  try {
    return schema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    const detail = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message;
    throw new ConfigError({
      code: "invalid_option",
      option: "request",
      message: `${basename(path)} is not a request: ${detail}`,
      hint: "The Renderjuice render plugin writes this file. Check that the plugin and the bundle have the same version: renderjuice-deadline install --check.",
      cause,
    });
  }
}

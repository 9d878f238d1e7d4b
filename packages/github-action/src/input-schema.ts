import { readFileSync } from "node:fs";
import { nearest, type RenderConfig, RenderjuiceError, readSettings, toFrameRanges } from "@renderjuice/core";
import { parse as parseYaml } from "yaml";
import { z } from "zod/v4";

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: GitHub's own syntax
const KEY_MISSING =
  "is missing. Add a secret RENDERJUICE_API_KEY to the repository and write " +
  "api-key: ${{ secrets.RENDERJUICE_API_KEY }}. Pull requests from forks see no secrets.";
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: GitHub's own syntax

/** The inputs of action.yml, each read for itself from the text that the runner gives. */
export const inputSchema = z.object({
  "api-key": z
    .string()
    .min(1, KEY_MISSING)
    .refine((key) => !/\s/.test(key), "holds white space."),
  "api-url": z.union([z.literal(""), z.url()], "is not an address such as https://host/path."),
  file: z.string().transform(splitLines),
  "job-id": z.string().transform(splitLines),
  frames: z.string().transform(readFrames),
  settings: z.string().transform(readSettingsInput),
  wait: flag(),
  download: flag(),
  "output-dir": z.string(),
  "timeout-minutes": atLeast(0, "minutes").transform((minutes) =>
    minutes === 0 ? undefined : minutes * 60_000,
  ),
  "on-cancel": choice(["cancel", "detach"]),
  "on-timeout": choice(["cancel", "detach"]),
  resume: choice(["auto", "never"]),
  "poll-interval-seconds": z
    .literal("")
    .transform(() => undefined)
    .or(atLeast(5, "seconds").transform((seconds) => seconds * 1000)),
  summary: flag(),
});

/** Each line for itself, without the empty ones. */
export function splitLines(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function flag() {
  return choice(["true", "false"]).transform((text) => text === "true");
}

function choice<const Value extends string>(values: readonly Value[]) {
  return z.string().transform((text, context) => {
    const chosen = values.find((value) => value === text.toLowerCase());
    if (chosen !== undefined) return chosen;
    const likely = nearest(text, values);
    return refuse(
      context,
      `"${text}" is not ${values.join(" or ")}.${likely ? ` Did you mean ${likely}?` : ""}`,
    );
  });
}

function atLeast(minimum: number, unit: string) {
  return z.string().transform((text, context) => {
    const number = Number(text);
    if (text !== "" && Number.isFinite(number) && number >= minimum) return number;
    return refuse(context, `"${text}" is not a number of ${unit} from ${minimum} up.`);
  });
}

function readFrames(text: string, context: z.RefinementCtx): string[] | undefined {
  const lines = splitLines(text);
  return lines.length === 0 ? undefined : attempt(context, () => toFrameRanges(lines));
}

/** YAML (JSON is YAML), or the path of a file with it. */
function readSettingsInput(text: string, context: z.RefinementCtx): Partial<RenderConfig> {
  if (text === "") return {};
  return attempt(context, () => {
    const value: unknown = parseYaml(text);
    const isPath = typeof value === "string" && /\.(ya?ml|json)$/i.test(value);
    return readSettings(isPath ? parseYaml(readFileSync(value, "utf8")) : value);
  });
}

function attempt<T>(context: z.RefinementCtx, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const { message } = error as Error;
    return refuse(
      context,
      RenderjuiceError.isInstance(error) && error.hint ? `${message} ${error.hint}` : message,
    );
  }
}

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: "custom", message });
  return z.NEVER;
}

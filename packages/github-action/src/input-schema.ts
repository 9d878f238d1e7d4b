import { readFileSync } from "node:fs";
import type { RenderConfig } from "@renderjuice/core";
import { isJobId, nearest, readSettings, toFrameRanges } from "@renderjuice/core/adapter";
import { parse as parseYaml } from "yaml";
import * as z from "zod/v4";
import { describeError } from "./describe-error.ts";

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: GitHub's own syntax
const KEY_MISSING =
  "is missing. Add a secret RENDERJUICE_API_KEY to the repository and write " +
  "api-key: ${{ secrets.RENDERJUICE_API_KEY }}. Pull requests from forks do not have access to secrets.";
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: GitHub's own syntax

/** The inputs of action.yml. The runner passes them as text. */
export const inputSchema = z.object({
  "api-key": z
    .string()
    .min(1, KEY_MISSING)
    .refine((key) => !/\s/.test(key), "contains white space."),
  "api-url": z
    .string()
    .refine((url) => url === "" || URL.canParse(url), "is not a URL such as https://host/path."),
  file: z.string().transform(splitLines),
  "main-scene": z.string(),
  "job-id": z.string().transform(readJobIds),
  "cancel-run": z
    .string()
    .regex(/^\d*$/, "is not the id of a workflow run, such as github.event.workflow_run.id."),
  frames: z.string().transform(readFrames),
  settings: z.string().transform(readSettingsInput),
  "require-complete": flag(),
  wait: flag(),
  download: flag(),
  "output-dir": z.string(),
  "timeout-minutes": atLeast(0, "minutes").transform((minutes) => minutes && minutes * 60_000),
  "on-cancel": choice(["cancel", "detach"]),
  "on-timeout": choice(["cancel", "detach"]),
  resume: choice(["auto", "never"]),
  "poll-interval-seconds": atLeast(5, "seconds").transform((seconds) => seconds && seconds * 1000),
  summary: flag(),
});

/** The lines that are not empty. */
function splitLines(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function readJobIds(text: string, context: z.RefinementCtx): string[] {
  const ids = splitLines(text);
  const wrong = ids.find((id) => !isJobId(id));
  return wrong === undefined ? ids : refuse(context, `${JSON.stringify(wrong)} is not a job id.`);
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
    if (text === "") return undefined;
    const number = Number(text);
    if (Number.isFinite(number) && number >= minimum) return number;
    return refuse(context, `"${text}" is not a number of ${unit}, ${minimum} or more.`);
  });
}

function readFrames(text: string, context: z.RefinementCtx): string[] | undefined {
  const lines = splitLines(text);
  return lines.length === 0 ? undefined : attempt(context, () => toFrameRanges(lines));
}

/** YAML (JSON is YAML), or the path of a YAML file. */
function readSettingsInput(text: string, context: z.RefinementCtx): Partial<RenderConfig> {
  if (text === "") return {};
  return attempt(context, () => {
    const value = readYaml(text);
    const isPath = typeof value === "string" && /\.(ya?ml|json)$/i.test(value);
    return readSettings(isPath ? readYaml(readFileSync(value, "utf8")) : value);
  });
}

function readYaml(text: string): unknown {
  try {
    return parseYaml(text, { prettyErrors: false });
  } catch (cause) {
    throw new Error(`is neither YAML nor JSON. ${(cause as Error).message}`, { cause });
  }
}

function attempt<T>(context: z.RefinementCtx, read: () => T): T {
  try {
    return read();
  } catch (error) {
    return refuse(context, describeError(error));
  }
}

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: "custom", message });
  return z.NEVER;
}

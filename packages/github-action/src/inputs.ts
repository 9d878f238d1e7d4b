import { getInput } from "@actions/core";
import type * as z from "zod/v4";
import { inputSchema } from "./input-schema.ts";

const postSchema = inputSchema.pick({
  "api-key": true,
  "api-url": true,
  "poll-interval-seconds": true,
  "on-cancel": true,
});

export type Inputs = z.infer<typeof inputSchema>;
export type PostInputs = z.infer<typeof postSchema>;

/** For inputs that are empty, as `${{ inputs.wait }}` may be. The same as in action.yml. */
export const DEFAULTS: Readonly<Record<string, string>> = {
  "require-complete": "true",
  wait: "true",
  download: "true",
  "output-dir": "renders",
  "timeout-minutes": "0",
  "on-cancel": "cancel",
  "on-timeout": "cancel",
  resume: "auto",
  summary: "true",
};

/** The inputs of the step are wrong. The message has a line for each problem. */
export class InputsError extends Error {
  override readonly name = "InputsError";

  constructor(problems: readonly string[]) {
    const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
    super(`The inputs of this step have ${count}.\n${problems.join("\n")}`);
  }
}

/** @throws InputsError */
export function readInputs(): Inputs {
  const raw = readRaw();
  const { data, error } = inputSchema.safeParse(raw);
  const problems = [
    ...(error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`),
    ...findConflicts(raw, data),
  ];
  if (!data || problems.length > 0) throw new InputsError(problems);
  return data;
}

/** What the post step needs. Other inputs may refer to files that no longer exist by then. */
export function readPostInputs(): PostInputs {
  return postSchema.parse(readRaw());
}

function readRaw(): Record<string, string> {
  return Object.fromEntries(
    Object.keys(inputSchema.shape).map((name) => [name, getInput(name) || (DEFAULTS[name] ?? "")]),
  );
}

/** Inputs that contradict each other. They are found even if other inputs are wrong. */
function findConflicts(raw: Readonly<Record<string, string>>, data: Inputs | undefined): string[] {
  const [first, ...others] = ["file", "job-id", "cancel-run"].filter((name) => raw[name]);
  const conflicts: string[] = [];
  if (first === undefined)
    conflicts.push(
      "file: is missing. Give a .blend, a .zip, a folder or a pattern such as shots/**/*.blend.",
    );
  for (const name of others) conflicts.push(`${name}: cannot be combined with ${first}. Keep one of them.`);
  if (raw["main-scene"] && data?.file.length !== 1)
    conflicts.push("main-scene: needs a single folder or zip in file.");
  if (data?.frames && data.settings.frameRanges)
    conflicts.push("frames: cannot be combined with frameRanges in settings. Keep one of them.");
  return conflicts;
}

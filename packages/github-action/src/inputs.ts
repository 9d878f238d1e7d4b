import { getInput } from "@actions/core";
import type { z } from "zod/v4";
import { inputSchema, splitLines } from "./input-schema.ts";

export type Inputs = z.infer<typeof inputSchema>;

/** What stands for an input that is empty, as `${{ inputs.wait }}` may be. The same as in action.yml. */
export const DEFAULTS: Readonly<Record<string, string>> = {
  wait: "true",
  download: "true",
  "output-dir": "renders",
  "timeout-minutes": "0",
  "on-cancel": "cancel",
  "on-timeout": "cancel",
  resume: "auto",
  summary: "true",
};

/** The inputs of the step are wrong; the message has a line for each problem. */
export class InputsError extends Error {
  override readonly name = "InputsError";

  constructor(problems: readonly string[]) {
    const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
    super(`The inputs of this step have ${count}.\n${problems.join("\n")}`);
  }
}

/** @throws InputsError */
export function readInputs(): Inputs {
  const raw = Object.fromEntries(
    Object.keys(inputSchema.shape).map((name) => [name, getInput(name) || (DEFAULTS[name] ?? "")]),
  );
  const { data, error } = inputSchema.safeParse(raw);
  const problems = [
    ...(error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`),
    ...findConflicts(raw, data),
  ];
  if (!data || problems.length > 0) throw new InputsError(problems);
  return data;
}

/** What two inputs say against each other. Told also when one of the others is wrong. */
function findConflicts(raw: Readonly<Record<string, string>>, data: Inputs | undefined): string[] {
  const files = splitLines(raw.file ?? "");
  const jobIds = splitLines(raw["job-id"] ?? "");
  const conflicts: string[] = [];
  if (files.length === 0 && jobIds.length === 0)
    conflicts.push(
      "file: is missing. Name a .blend, a .zip, a folder or a pattern such as shots/**/*.blend.",
    );
  if (files.length > 0 && jobIds.length > 0)
    conflicts.push("job-id: cannot be combined with file, since a job has its scene already.");
  if (data?.frames && data.settings.frameRanges)
    conflicts.push("frames: are also given as frameRanges in settings. Keep one of them.");
  return conflicts;
}

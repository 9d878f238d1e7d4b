import * as z from "zod/v4";

/** Only the name is documented: the parameters may be a list or a map. */
const submissionSchema = z.looseObject({
  jobName: z.string().optional(),
  parameters: z
    .union([
      z.array(z.looseObject({ name: z.string(), value: z.unknown() })),
      z.record(z.string(), z.unknown()),
    ])
    .default({}),
});

/** What the Deadline Cloud command line passes to a submission hook on standard input. */
export interface Submission {
  readonly jobName: string | undefined;
  readonly parameters: ReadonlyMap<string, string>;
}

/** @throws Error if the text is not a submission. */
export function readSubmission(text: string): Submission {
  const { jobName, parameters } = submissionSchema.parse(JSON.parse(text));
  const entries = Array.isArray(parameters)
    ? parameters.map(({ name, value }): [string, unknown] => [name, value])
    : Object.entries(parameters);
  return { jobName, parameters: new Map(entries.map(([name, value]) => [name, readValue(value)])) };
}

function readValue(value: unknown): string {
  if (typeof value === "object" && value !== null && "value" in value) return String(value.value);
  return String(value ?? "");
}

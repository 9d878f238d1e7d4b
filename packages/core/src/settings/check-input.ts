import type * as z from "zod/v4";
import { ConfigError } from "../errors/index.ts";
import { describeIssue } from "./describe-issue.ts";

/** What is checked, in the words of the caller. */
interface Input {
  /** The name of the option that an error is about. */
  readonly option: string;
  /** What a member is called: `option`, `setting`. */
  readonly member: string;
}

/**
 * Validates input from the caller, who may not have types.
 *
 * @throws ConfigError `invalid_option` that lists every problem, and the most similar name for one that does not exist
 */
export function checkInput<T>(schema: z.ZodType<T>, value: unknown, { option, member }: Input): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => describeIssue(issue, { schema, value, member }));
  const [problem] = problems;
  const isOnly = problems.length === 1;
  throw new ConfigError({
    code: "invalid_option",
    option,
    message: problems
      .map(({ message, hint = "" }) => (isOnly ? message : `${message} ${hint}`.trim()))
      .join("\n"),
    hint: isOnly ? problem?.hint : undefined,
    cause: result.error,
  });
}

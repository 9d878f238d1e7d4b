import { WEBHOOK_EVENTS } from "@renderjuice/core/adapter";
import * as z from "zod/v4";
import { VERBS } from "../web-service/verbs.ts";

/** An id, or a text with `{helperJob}` or `{match}` instead. */
const TARGET = /^(?:[\w-]|\{helperJob\}|\{match\})+$/;

const ruleSchema = z
  .strictObject({
    when: z.strictObject({
      event: z.enum(WEBHOOK_EVENTS),
      /** The id of one render. */
      renderjuiceJob: z.string().min(1).optional(),
      /** A tag in brackets in the render's notes. A `*` at the end matches anything. */
      tag: z
        .string()
        .regex(/^[\w-]*\*?$/, "A tag consists of letters, digits, _ and -, and may end in *")
        .min(1)
        .optional(),
    }),
    do: z.enum(VERBS),
    /** Ids of Deadline jobs. `{helperJob}` is the job of the render plugin, `{match}` is what the `*` matched. */
    deadlineJobs: z
      .array(z.string().regex(TARGET, "Write the id of a Deadline job, {helperJob} or {match}"))
      .min(1, "Give at least one Deadline job"),
  })
  .refine(({ when, deadlineJobs }) => when.tag?.endsWith("*") || !deadlineJobs.some(hasMatch), {
    path: ["deadlineJobs"],
    message: "{match} is what the * of a tag matched, but this rule has no tag that ends in *",
  });

export const rulesSchema = z.strictObject({ rules: z.array(ruleSchema).min(1, "Write at least one rule") });

/** When something happens to a render, do something with jobs of the farm. */
export type Rule = z.infer<typeof ruleSchema>;

/** Whether the rule depends on the render's notes, so that the render has to be looked up. */
export function needsNotes({ when, deadlineJobs }: Rule): boolean {
  return when.tag !== undefined || deadlineJobs.some((target) => target.includes("{helperJob}"));
}

function hasMatch(target: string): boolean {
  return target.includes("{match}");
}

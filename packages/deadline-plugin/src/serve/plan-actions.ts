import type { WebhookEvent } from "@renderjuice/core";
import type { Verb } from "../web-service/verbs.ts";
import { needsNotes, type Rule } from "./rule.ts";

/** One thing to do on the farm. */
export interface Action {
  readonly verb: Verb;
  readonly deadlineJob: string;
}

/** The label that the render plugin gives to all renders of a Deadline job. */
const HELPER_TAG = /^deadline-job-(\w+)$/;

/** The rules that an event may trigger, as far as is known without the render's notes. */
export function rulesFor(rules: readonly Rule[], { event, jobId }: WebhookEvent): Rule[] {
  return rules.filter(
    ({ when }) =>
      when.event === event && (when.renderjuiceJob === undefined || when.renderjuiceJob === jobId),
  );
}

/**
 * What to do, each action once, in the order of the rules.
 *
 * @param readTags called at most once, and only if a rule depends on it
 */
export async function planActions(
  rules: readonly Rule[],
  readTags: () => Promise<readonly string[]>,
): Promise<Action[]> {
  const tags = rules.some(needsNotes) ? await readTags() : [];
  const actions = rules.flatMap((rule) => actionsOf(rule, tags));
  const unique = new Map(actions.map((action) => [`${action.verb} ${action.deadlineJob}`, action]));
  return [...unique.values()];
}

/** The rule does not apply to a render without the tag, or without a helper job if it uses one. */
function actionsOf({ when, do: verb, deadlineJobs }: Rule, tags: readonly string[]): Action[] {
  const matches = when.tag === undefined ? [""] : tags.flatMap((tag) => matchTag(when.tag ?? "", tag) ?? []);
  const helpers = tags.flatMap((tag) => HELPER_TAG.exec(tag)?.[1] ?? []);
  return matches
    .flatMap((match) => deadlineJobs.map((target) => target.replaceAll("{match}", match)))
    .flatMap((target) =>
      target.includes("{helperJob}") ? helpers.map((id) => target.replaceAll("{helperJob}", id)) : target,
    )
    .map((deadlineJob) => ({ verb, deadlineJob }));
}

/** @returns what the `*` matches, an empty text without a `*`, undefined if the tag does not match */
function matchTag(pattern: string, tag: string): string | undefined {
  if (!pattern.endsWith("*")) return pattern === tag ? "" : undefined;
  const prefix = pattern.slice(0, -1);
  return tag.startsWith(prefix) ? tag.slice(prefix.length) : undefined;
}

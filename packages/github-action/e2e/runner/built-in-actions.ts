import type { Artifacts } from "./artifacts.ts";
import type { Contexts } from "./expressions.ts";
import type { Level, Values } from "./step-result.ts";

/** A step with an action that is emulated. */
export interface UsesStep {
  readonly uses: string;
  readonly with: Values;
  readonly env: Values;
  readonly workspace: string;
  readonly jobId: string;
  readonly matrix: Contexts;
  /** A line of the step's log. */
  log(line: string): void;
  annotate(level: Level, message: string): void;
}

/** @returns the step's outputs; what it throws fails the step */
export type ActionHandler = (step: UsesStep) => Values | Promise<Values>;

export const ACTION_UNDER_TEST = "action under test";

/** Handlers by how `uses` starts. */
export type Actions = Readonly<Record<string, ActionHandler | typeof ACTION_UNDER_TEST>>;

export function builtInActions({ upload, download }: Artifacts): Actions {
  const nothing = () => ({});
  return {
    "./packages/github-action": ACTION_UNDER_TEST,
    "actions/checkout@": nothing,
    "actions/setup-node@": nothing,
    "pnpm/action-setup@": nothing,
    "actions/upload-artifact@": upload,
    "actions/download-artifact@": download,
  };
}

/** The first of the lists that knows the action decides. */
export function findAction(
  uses: string,
  lists: readonly Actions[],
): ActionHandler | typeof ACTION_UNDER_TEST {
  const [, action] =
    lists.flatMap(Object.entries<Actions[string]>).find(([prefix]) => uses.startsWith(prefix)) ?? [];
  if (action) return action;
  if (/^[^/]+\/[^/]+\/packages\/github-action@/.test(uses)) return ACTION_UNDER_TEST;
  throw new Error(`The workflow uses ${uses}, which is not emulated: register a handler in \`actions\`.`);
}

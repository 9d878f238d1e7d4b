import type { Artifacts } from "./artifacts.ts";
import type { Contexts } from "./expressions.ts";
import type { Level, Values } from "./step-result.ts";

/** A step with an emulated action. */
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

/** @returns the step's outputs. If it throws, the step fails. */
export type ActionHandler = (step: UsesStep) => Values | Promise<Values>;

/** Handlers by how `uses` starts. */
export type Actions = Readonly<Record<string, ActionHandler>>;

export function builtInActions({ upload, download }: Artifacts): Actions {
  const nothing = () => ({});
  return {
    "actions/checkout@": nothing,
    "actions/setup-node@": nothing,
    "pnpm/action-setup@": nothing,
    "actions/upload-artifact@": upload,
    "actions/download-artifact@": download,
  };
}

/** Whether `uses` refers to the action at this path, in the checkout or in any repository. */
export function isActionAt(path: string, uses: string): boolean {
  return uses === `./${path}` || /^[^/]+\/[^/]+\/(.+)@/.exec(uses)?.[1] === path;
}

/** Takes the action from the first list that has it. */
export function findAction(uses: string, lists: readonly Actions[]): ActionHandler {
  const [, action] =
    lists.flatMap(Object.entries<ActionHandler>).find(([prefix]) => uses.startsWith(prefix)) ?? [];
  if (action) return action;
  throw new Error(`The workflow uses ${uses}, which is not emulated: register a handler in \`actions\`.`);
}

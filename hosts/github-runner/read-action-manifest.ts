import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Values } from "./step-result.ts";

interface ManifestInput {
  readonly default?: unknown;
  readonly deprecationMessage?: string;
}

interface Runs {
  readonly using: string;
  readonly main: string;
  readonly post?: string;
  readonly "post-if"?: string;
}

interface ActionFile {
  readonly inputs?: Readonly<Record<string, ManifestInput | null>>;
  readonly runs: Runs;
}

export interface ActionManifest {
  readonly inputs: Readonly<Record<string, ManifestInput>>;
  readonly main: string;
  readonly post: string | undefined;
  readonly postCondition: string;
}

export function readActionManifest(folder: string): ActionManifest {
  const { inputs, runs } = parse(readFileSync(join(folder, "action.yml"), "utf8")) as ActionFile;
  if (runs.using !== "node24") throw new Error(`${folder}/action.yml uses ${runs.using}, not node24.`);
  return {
    inputs: Object.fromEntries(Object.entries(inputs ?? {}).map(([name, input]) => [name, input ?? {}])),
    main: join(folder, runs.main),
    post: runs.post === undefined ? undefined : join(folder, runs.post),
    postCondition: runs["post-if"] ?? "always()",
  };
}

export interface StepInputs {
  /** INPUT_* */
  readonly variables: Values;
  readonly warnings: readonly string[];
}

/** Does not check required inputs: the runner leaves that to the action. */
export function resolveInputs(
  { inputs }: ActionManifest,
  given: Values,
  evaluate: (text: string) => string,
): StepInputs {
  const defaults = mapToVariables(inputs, (input) => evaluate(String(input.default ?? "")));
  const fromStep = mapToVariables(given, (value) => value);
  const unknown = Object.keys(given).filter((key) => !(variableOf(key) in defaults));
  const surprise = `Unexpected input(s) ${quote(unknown)}, valid inputs are [${quote(Object.keys(inputs))}]`;
  const deprecations = Object.entries(inputs)
    .filter(([name, { deprecationMessage }]) => deprecationMessage && variableOf(name) in fromStep)
    .map(([name, input]) => `Input '${name}' has been deprecated with message: ${input.deprecationMessage}`);
  return {
    variables: { ...defaults, ...fromStep },
    warnings: unknown.length === 0 ? deprecations : [surprise, ...deprecations],
  };
}

function mapToVariables<T>(inputs: Readonly<Record<string, T>>, textOf: (input: T) => string): Values {
  return Object.fromEntries(Object.entries(inputs).map(([name, input]) => [variableOf(name), textOf(input)]));
}

/** Hyphens stay. */
function variableOf(input: string): string {
  return `INPUT_${input.replaceAll(" ", "_").toUpperCase()}`;
}

function quote(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(", ");
}

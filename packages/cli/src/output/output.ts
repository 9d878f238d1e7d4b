import type { JobEvent } from "@renderjuice/core";
import { createHumanOutput } from "./human-output.ts";
import { createJsonOutput } from "./json-output.ts";

/** What to do next, as commands that can be pasted. */
export interface NextSteps {
  readonly jobId?: string | undefined;
  /** How the job stands. */
  readonly about?: string | undefined;
  /** Does what is left of what this command was to do. */
  readonly next?: string | undefined;
  readonly cancel?: string | undefined;
  readonly status?: string | undefined;
}

/**
 * How a command speaks. What others said is redacted: events, errors and warnings as a whole, in results and notes where it
 * is put in (`foreignLine`). Words of the user's own, such as folders and commands, stay what they are.
 * Results go to stdout; everything else to stderr, unless `--json` wants it as events.
 */
export interface Output {
  readonly isJson: boolean;
  /** Something happened to a job. */
  event(event: JobEvent, steps?: NextSteps): void;
  /** What the command was asked for: text for people, an object for programs. */
  result(text: string, data: Record<string, unknown>, steps?: NextSteps): void;
  note(message: string, steps?: NextSteps): void;
  warning(message: string, hint?: string, steps?: NextSteps): void;
  error(error: unknown, exitCode: number, steps?: NextSteps): void;
  /** Takes live progress off the screen. */
  close(): void;
  /** For one scene of several: the same output, in which every line says which scene it is about. */
  ofScene(scene: string): Output;
}

export interface OutputOptions {
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly verbose?: boolean | undefined;
  /** What must not be shown, wherever it stands; may become more. */
  readonly secrets: readonly string[];
}

export function createOutput(options: OutputOptions): Output {
  return options.json ? createJsonOutput(options) : createHumanOutput(options);
}

import type { JobEvent } from "@renderjuice/core";
import { createHumanOutput } from "./human-output.ts";
import { createJsonOutput } from "./json-output.ts";

/** What to do next, as commands that can be pasted. */
export interface NextSteps {
  readonly jobId?: string | undefined;
  /** The state of the job. */
  readonly about?: string | undefined;
  /** Does what is left of this command. */
  readonly next?: string | undefined;
  readonly cancel?: string | undefined;
  readonly status?: string | undefined;
}

/**
 * How a command reports. Text from elsewhere is redacted: all of it in events, errors and warnings; in results and notes
 * where it is inserted (`foreignLine`). The user's own words, such as folders and commands, stay as they are.
 * Results go to stdout, everything else to stderr, unless `--json` turns it into events.
 */
export interface Output {
  readonly isJson: boolean;
  /** Reports what happened to a job. */
  event(event: JobEvent, steps?: NextSteps): void;
  /** What the command was run for: text for people, an object for programs. */
  result(text: string, data: Record<string, unknown>, steps?: NextSteps): void;
  note(message: string, steps?: NextSteps): void;
  warning(message: string, hint?: string, steps?: NextSteps): void;
  error(error: unknown, exitCode: number, steps?: NextSteps): void;
  /** Removes live progress from the screen. */
  close(): void;
  /** The same output for one of several scenes: every line says which. */
  ofScene(scene: string): Output;
}

export interface OutputOptions {
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly verbose?: boolean | undefined;
  /** Never printed, wherever they appear. The list may grow. */
  readonly secrets: readonly string[];
}

export function createOutput(options: OutputOptions): Output {
  return options.json ? createJsonOutput(options) : createHumanOutput(options);
}

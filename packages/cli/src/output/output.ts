import type { JobEvent } from "@renderjuice/core";
import { createHumanOutput } from "./human-output.ts";
import { createJsonOutput } from "./json-output.ts";

/** How a command speaks. Results go to stdout; everything else to stderr, unless `--json` wants it as events. */
export interface Output {
  readonly isJson: boolean;
  /** Something happened to a job. */
  event(event: JobEvent): void;
  /** What the command was asked for: text for people, an object for programs. */
  result(text: string, data: Record<string, unknown>): void;
  note(message: string): void;
  warning(message: string, hint?: string): void;
  error(error: unknown, exitCode: number, next?: string): void;
  /** Takes live progress off the screen. */
  close(): void;
  /** For one scene of several: the same output, in which every line says which scene it is about. */
  ofScene(scene: string): Output;
}

export interface OutputOptions {
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly verbose?: boolean | undefined;
}

export function createOutput(options: OutputOptions): Output {
  return options.json ? createJsonOutput() : createHumanOutput(options);
}

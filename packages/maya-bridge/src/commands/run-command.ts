import { RenderjuiceError } from "@renderjuice/core";
import { redactText, terminalText } from "@renderjuice/core/adapter";

/** Runs a command; turns what it throws into a message and exit code 1. */
export async function runCommand(work: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await work();
  } catch (error) {
    process.exitCode = 1;
    say(describe(error));
  }
}

export function say(text: string): void {
  process.stderr.write(`${terminalText(text)}\n`);
}

export function print(text: string): void {
  process.stdout.write(`${terminalText(text)}\n`);
}

function describe(error: unknown): string {
  if (RenderjuiceError.isInstance(error)) return `✖ ${error.message}${error.hint ? `\n  ${error.hint}` : ""}`;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `✖ This is a bug in renderjuice-maya. Please report it with the text below.\n${redactText(text)}`;
}

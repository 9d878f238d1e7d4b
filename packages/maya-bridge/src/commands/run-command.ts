import { terminalText } from "@renderjuice/core/adapter";
import { describeError, isBug } from "../describe-error.ts";

/** Runs a command; turns what it throws into a message and exit code 1. */
export async function runCommand(work: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await work();
  } catch (error) {
    process.exitCode = 1;
    const described = describeError(error);
    const { message, hint, stack } = described;
    const lines = [`✖ ${message}`, hint && `  ${hint}`, isBug(described) && stack];
    say(lines.filter(Boolean).join("\n"));
  }
}

export function say(text: string): void {
  process.stderr.write(`${terminalText(text)}\n`);
}

export function print(text: string): void {
  process.stdout.write(`${terminalText(text)}\n`);
}

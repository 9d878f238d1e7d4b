import { redactText } from "../text/redact.ts";
import { terminalText } from "../text/terminal-text.ts";

/**
 * What commander says about a wrong command line, in the form of our errors: a message, and hints, each on its own line.
 * Redacted and safe to print.
 *
 * @example
 * describeUsageError("error: unknown option '--jsno'\n(Did you mean --json?)\n"); // 'Unknown option "--jsno".\n  Did you mean --json?'
 */
export function describeUsageError(text: string): string {
  const [message = "", ...hints] = text.trim().split("\n");
  const plain = message.replace(/^error: /, "").replaceAll(/'([^']*)'/g, '"$1"');
  const sentence = `${plain.charAt(0).toUpperCase()}${plain.slice(1)}`.replace(/([^.!?])$/, "$1.");
  const lines = [sentence, ...hints.map((hint) => `  ${hint.replace(/^\((.*)\)$/, "$1")}`)];
  return terminalText(redactText(lines.join("\n")));
}

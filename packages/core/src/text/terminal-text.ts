import { hideSecrets, redactText, redactValue } from "./redact.ts";

/** What a terminal acts on instead of displaying: control characters, which start escape sequences, and text direction marks. */
const OBEYED = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;
const OBEYED_IN_JSON = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]|#(?=#\[)/gu;
const OBEYED_INSIDE_LINES = /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/**
 * Commands in the log of a GitHub workflow: `::error::` at the start of a line, `##[error]` anywhere.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
const WORKFLOW_COMMAND = /^([^\S\n]*):(?=:)|#(?=#\[)/gm;

/**
 * Makes a text from any source safe to print: whatever would move the cursor, change colors, hide characters or act as a
 * workflow command is shown as an escape instead. Line breaks and tabs are kept.
 *
 * @example terminalText("done\u001b[2J") // "done\\x1b[2J"
 */
export function terminalText(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(OBEYED_INSIDE_LINES, visible)
    .replace(WORKFLOW_COMMAND, disarm);
}

/**
 * `terminalText` on one line, so that a name or a message cannot pass for a line of ours.
 *
 * @example terminalLine("shot\n✔ done.blend") // "shot ✔ done.blend"
 */
export function terminalLine(text: string): string {
  return text
    .replace(/[\r\n\p{Zl}\p{Zp}]+/gu, " ")
    .replace(OBEYED, visible)
    .replace(WORKFLOW_COMMAND, disarm);
}

/**
 * Text from the farm, the network or a scene, for a line of ours: `terminalLine`, redacted.
 *
 * @example `Job ${jobId} is ${foreignLine(job.status)}.`
 */
export function foreignLine(text: string): string {
  return terminalLine(redactText(text));
}

/**
 * A value as one line of JSON, redacted. Control characters are escaped, so that parsing returns the original text.
 *
 * @param own our own members, such as commands to paste: only the given secrets are hidden in them
 * @example
 * process.stdout.write(`${jsonLine({ type: "result", jobId })}\n`);
 */
export function jsonLine(
  value: unknown,
  own: Readonly<Record<string, unknown>> = {},
  secrets: readonly string[] = [],
): string {
  const redacted = redactValue(value, secrets);
  const whole = isEmpty(own) ? redacted : { ...(redacted as object), ...hideIn(own, secrets) };
  return JSON.stringify(whole).replace(OBEYED_IN_JSON, (character) => `\\u${hexOf(character, 4)}`);
}

function isEmpty(members: object): boolean {
  return Object.keys(members).length === 0;
}

function hideIn(own: Readonly<Record<string, unknown>>, secrets: readonly string[]): object {
  return Object.fromEntries(
    Object.entries(own).map(([name, value]) => [
      name,
      typeof value === "string" ? hideSecrets(value, secrets) : value,
    ]),
  );
}

/** Escapes the character that would start a workflow command. */
function disarm(match: string, indent = ""): string {
  return `${indent}${visible(match.slice(-1))}`;
}

function visible(character: string): string {
  return character < "\u0100" ? `\\x${hexOf(character, 2)}` : `\\u${hexOf(character, 4)}`;
}

function hexOf(character: string, digits: number): string {
  return character.charCodeAt(0).toString(16).padStart(digits, "0");
}

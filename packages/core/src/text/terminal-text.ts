import { hideSecrets, redactText, redactValue } from "./redact.ts";

/** What a terminal obeys instead of showing: controls, with which escape sequences begin, and what turns the order of letters. */
const OBEYED = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;
const OBEYED_IN_JSON = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]|#(?=#\[)/gu;
const OBEYED_INSIDE_LINES = /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/**
 * What the log of a GitHub workflow obeys: `::error::` where a line begins, `##[error]` anywhere.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
const WORKFLOW_COMMAND = /^([^\S\n]*):(?=:)|#(?=#\[)/gm;

/**
 * Makes a text safe to print, whoever wrote it: what would move the cursor, change colours or hide letters is shown as an
 * escape instead, and what a workflow's log would obey. Line breaks and tabs stay.
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
 * `terminalText` on one line, so that a name or a message cannot pretend to be a line of ours.
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
 * What the farm, the network or a scene says, for a line of ours: `terminalLine`, redacted.
 *
 * @example `Job ${id} is ${foreignLine(status)}.`
 */
export function foreignLine(text: string): string {
  return terminalLine(redactText(text));
}

/**
 * A value as one line of JSON, redacted. What a terminal would obey is escaped; parsed, the text is what it was.
 *
 * @param own members of ours, such as commands to paste: of these the secrets alone are hidden
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

/** Shows the first character of a command as what it is, so that it begins none. */
function disarm(match: string, indent = ""): string {
  return `${indent}${visible(match.slice(-1))}`;
}

function visible(character: string): string {
  return character < "\u0100" ? `\\x${hexOf(character, 2)}` : `\\u${hexOf(character, 4)}`;
}

function hexOf(character: string, digits: number): string {
  return character.charCodeAt(0).toString(16).padStart(digits, "0");
}

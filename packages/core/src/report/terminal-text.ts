import { redactValue } from "../redact.ts";

/** What a terminal obeys instead of showing: controls, with which escape sequences begin, and what turns the order of letters. */
const OBEYED = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;
const OBEYED_INSIDE_LINES = /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/**
 * Makes a text safe to print, whoever wrote it: what would move the cursor, change colours or hide letters is shown as an
 * escape instead. Line breaks and tabs stay.
 *
 * @example terminalText("done\u001b[2J") // "done\\x1b[2J"
 */
export function terminalText(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(OBEYED_INSIDE_LINES, visible);
}

/**
 * `terminalText` on one line, so that a name or a message cannot pretend to be a line of ours.
 *
 * @example terminalLine("shot\n✔ done.blend") // "shot ✔ done.blend"
 */
export function terminalLine(text: string): string {
  return text.replace(/[\r\n\p{Zl}\p{Zp}]+/gu, " ").replace(OBEYED, visible);
}

/** A value as one line of JSON, redacted. What a terminal would obey is escaped; parsed, the text is what it was. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(redactValue(value)).replace(OBEYED, (character) => `\\u${hexOf(character, 4)}`);
}

function visible(character: string): string {
  return character < "\u0100" ? `\\x${hexOf(character, 2)}` : `\\u${hexOf(character, 4)}`;
}

function hexOf(character: string, digits: number): string {
  return character.charCodeAt(0).toString(16).padStart(digits, "0");
}

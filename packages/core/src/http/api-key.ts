import { ConfigError } from "../errors/index.ts";

/** What editors, chats and shells make of a key on its way; the first that fits counts. */
const STRANGERS: readonly (readonly [RegExp, string])[] = [
  [/[\n\r]/, "a line break"],
  [/[ \t]/, "a blank"],
  [/\0/, "a NUL, as in a file that was saved as UTF-16"],
  [/[\u2010-\u2015\u2212]/, "a typographic dash"],
  [/[\u2018-\u201f\u2039\u203a\u00ab\u00bb]/, "a typographic quotation mark"],
  [/\p{Zs}/u, "a blank that does not break"],
  [/[\p{Cc}\p{Cf}]/u, "an invisible character"],
  [/\ufffd/, "something that is not UTF-8"],
  [/(?:)/, "a character that no key has"],
];

/**
 * The key, ready to be sent.
 *
 * @param source where it comes from, for the message
 * @throws ConfigError `missing_api_key` when it cannot be a key. Says what is wrong with it, and never shows it.
 */
export function checkApiKey(apiKey: string, source?: string): string {
  const key = apiKey.trim();
  const name = `The Renderjuice API key${source ? ` from ${source}` : ""}`;
  if (key === "") throw unusable("No Renderjuice API key is set.");
  if (/^["'`]|["'`]$/.test(key))
    throw unusable(`${name} stands in quotation marks.`, "Remove them: they are not part of the key.");
  const stranger = /[^\x21-\x7e]/u.exec(key);
  if (!stranger) return key;
  const [character] = stranger;
  const [, what] = STRANGERS.find(([pattern]) => pattern.test(character)) ?? [];
  const code = character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
  throw unusable(
    `${name} holds ${what} (U+${code}), as character ${stranger.index + 1} of ${key.length}.`,
    "Copy the key from the Renderjuice dashboard once more, into a plain text file: word processors, chats and PDFs change characters.",
  );
}

function unusable(message: string, hint?: string): ConfigError {
  return new ConfigError({ code: "missing_api_key", option: "apiKey", message, hint });
}

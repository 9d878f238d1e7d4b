import { ConfigError } from "../errors/index.ts";

/** What editors, chats and shells turn parts of a key into. The first match counts. */
const STRANGERS: readonly (readonly [RegExp, string])[] = [
  [/[\n\r]/, "a line break"],
  [/[ \t]/, "a space"],
  [/\0/, "a NUL, as in a file saved as UTF-16"],
  [/[\u2010-\u2015\u2212]/, "a typographic dash"],
  [/[\u2018-\u201f\u2039\u203a\u00ab\u00bb]/, "a typographic quotation mark"],
  [/\p{Zs}/u, "a non-breaking space"],
  [/[\p{Cc}\p{Cf}]/u, "an invisible character"],
  [/\ufffd/, "something that is not UTF-8"],
  [/(?:)/, "a character that keys do not contain"],
];

/**
 * The key, ready to be sent.
 *
 * @param source where the key comes from, for the message
 * @throws ConfigError `missing_api_key` if it is empty; `invalid_api_key`, which says what is wrong with the key but never
 * shows it.
 */
export function checkApiKey(apiKey: string | undefined, source?: string): string {
  // Programs without types pass a variable that is not set.
  const key = String(apiKey ?? "").trim();
  const name = `The Renderjuice API key${source ? ` from ${source}` : ""}`;
  if (key === "")
    throw new ConfigError({
      code: "missing_api_key",
      option: "apiKey",
      message: "No Renderjuice API key is set.",
      hint: "Copy it from the Renderjuice dashboard.",
    });
  if (/^["'`]|["'`]$/.test(key))
    throw unusable(`${name} is in quotation marks.`, "Remove them: they are not part of the key.");
  const stranger = /[^\x21-\x7e]/u.exec(key);
  if (!stranger) return key;
  const [character] = stranger;
  const [, what] = STRANGERS.find(([pattern]) => pattern.test(character)) ?? [];
  const code = character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
  throw unusable(
    `${name} contains ${what} (U+${code}) at character ${stranger.index + 1} of ${key.length}.`,
    "Copy the key from the Renderjuice dashboard again, into a plain text file: word processors, chats and PDFs change characters.",
  );
}

function unusable(message: string, hint: string): ConfigError {
  return new ConfigError({ code: "invalid_api_key", option: "apiKey", message, hint });
}

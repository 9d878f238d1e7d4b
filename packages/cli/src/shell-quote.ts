/**
 * Quotes one word of a command line, for pasting into a shell of this system. On Windows that is cmd or PowerShell: both
 * accept double quotes and only differ in what is rare in names (`%NAME%`, `$name`).
 */
export function shellQuote(word: string, platform: NodeJS.Platform = process.platform): string {
  return platform === "win32" ? quoteForWindows(word) : quoteForPosix(word);
}

/** Control characters and invisible ones are written as octal escapes. */
const NOT_SHOWN = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

function quoteForPosix(word: string): string {
  if (word.search(NOT_SHOWN) >= 0)
    return `$'${word.replace(/[\\']/g, "\\$&").replace(NOT_SHOWN, octalBytes)}'`;
  return /^[\w@%+:,./-][\w@%+=:,./-]*$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function octalBytes(character: string): string {
  return [...Buffer.from(character)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}

/** In PowerShell, a comma would make a list. Backslashes matter only before a quote. */
function quoteForWindows(word: string): string {
  if (/^[\w+=:./\\-]+$/.test(word)) return word;
  return `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, "$1$1")}"`;
}

/**
 * One word of a command line, to be pasted into a shell of this system. On Windows that is cmd or PowerShell: both take
 * double quotes, and differ only in what is rare in names (`%NAME%`, `$name`).
 */
export function shellQuote(word: string, platform: NodeJS.Platform = process.platform): string {
  return platform === "win32" ? quoteForWindows(word) : quoteForPosix(word);
}

/** What a terminal would obey, or a reader not see, is written as the octal numbers of its bytes. */
const NOT_SHOWN = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

function quoteForPosix(word: string): string {
  if (word.search(NOT_SHOWN) >= 0)
    return `$'${word.replace(/[\\']/g, "\\$&").replace(NOT_SHOWN, octalBytes)}'`;
  return /^[\w@%+:,./-][\w@%+=:,./-]*$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function octalBytes(character: string): string {
  return [...Buffer.from(character)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}

/** A comma would make a list of it in PowerShell; backslashes count only before a quote. */
function quoteForWindows(word: string): string {
  if (/^[\w+=:./\\-]+$/.test(word)) return word;
  return `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, "$1$1")}"`;
}

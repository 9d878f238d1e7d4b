/**
 * One word of a command line, to be pasted into a shell of this system. On Windows that is cmd or PowerShell: both take
 * double quotes, and differ only in what is rare in names (`%NAME%`, `$name`).
 */
export function shellQuote(word: string, platform: NodeJS.Platform = process.platform): string {
  return platform === "win32" ? quoteForWindows(word) : quoteForPosix(word);
}

function quoteForPosix(word: string): string {
  return /^[\w@%+:,./-][\w@%+=:,./-]*$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A comma would make a list of it in PowerShell; backslashes count only before a quote. */
function quoteForWindows(word: string): string {
  if (/^[\w+=:./\\-]+$/.test(word)) return word;
  return `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, "$1$1")}"`;
}

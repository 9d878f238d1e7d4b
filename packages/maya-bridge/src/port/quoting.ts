/** The text between quotes in Python 3.7 and newer, in plain ASCII. Lone surrogates are kept. */
export function pythonString(text: string): string {
  return `'${text.replace(/[^ !#-&(-[\]-~]/gu, escapeForPython)}'`;
}

function escapeForPython(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code <= 0xffff
    ? `\\u${code.toString(16).padStart(4, "0")}`
    : `\\U${code.toString(16).padStart(8, "0")}`;
}

/**
 * The text between quotes in MEL. MEL has escapes for only five characters, so text beyond printable ASCII goes through
 * `pythonString` first.
 *
 * @throws RangeError for other characters.
 */
export function melString(text: string): string {
  if (/[^\n\r\t -~]/.test(text))
    throw new RangeError("MEL has no escape for this text: quote it for Python first.");
  const escapes: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  return `"${text.replace(/["\\]/g, "\\$&").replace(/[\n\r\t]/g, (control) => escapes[control] ?? "")}"`;
}

/** A MEL command that lets Python evaluate an expression. */
export function melPython(expression: string): string {
  return `python(${melString(expression)})`;
}

/** One call, in the characters that `renderjuiceRpc.mel` accepts, which are code in neither MEL nor Python. */
export function rpcLine(token: string, call: object): string {
  return `RJ1.${token}.${Buffer.from(JSON.stringify(call)).toString("base64url")}`;
}

/** Deeper than any sensible document, and far from overflowing the stack. */
const MAX_DEPTH = 200;

/**
 * `JSON.parse` for input from outside. The result is shallow enough to be walked recursively.
 *
 * @throws SyntaxError if it is not JSON or is nested too deeply
 */
export function parseJson(text: string): unknown {
  const depth = measureDepth(text);
  if (depth > MAX_DEPTH) throw new SyntaxError(`The JSON is nested more than ${MAX_DEPTH} levels deep.`);
  return JSON.parse(text);
}

/**
 * The same where it need not be JSON.
 *
 * @returns undefined if it is not
 * @example
 * tryParseJson("<html>"); // undefined
 */
export function tryParseJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function measureDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isInString = false;
  for (let index = 0; index < text.length && deepest <= MAX_DEPTH; index++) {
    const character = text[index];
    if (isInString) {
      if (character === "\\") index++;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === "[" || character === "{") deepest = Math.max(deepest, ++depth);
    else if (character === "]" || character === "}") depth--;
  }
  return deepest;
}

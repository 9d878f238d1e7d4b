/** Habits of ours that no native speaker shares, and what to write instead. The word list of CONTRIBUTING has them too. */
const TICS: readonly { readonly pattern: string; readonly instead: string }[] = [
  { pattern: "mend(?:s|ed|ing)?", instead: "fix" },
  { pattern: "anew", instead: "again" },
  {
    // "There is no …" is right, and so is what follows here.
    pattern:
      "(?<![Tt]here )(?:is|are|was|were) no (?!longer|more|less|fewer|better|worse|different|one|need|such|other|reason|doubt|way|point|match)[a-z]+",
    instead: "is not a …, is not a valid …",
  },
  {
    // "The path of its own folder" is right.
    pattern:
      "of (?:its|their|our|your) own(?=[^\\s\\w-]|$| (?:and|as|at|below|but|by|for|from|if|in|is|it|on|or|so|than|that|to|when|which|whose|with) )",
    instead: "its own …, a separate …",
  },
  { pattern: "(?<=[.!?*#] |[\"'`])One that", instead: "name the thing again" },
  { pattern: "that is how", instead: "so, this is why" },
  {
    pattern: "(?:is|are|was|were|be|been) told(?! (?:apart|from))",
    instead: "is reported, is shown; or say who tells whom",
  },
  { pattern: "(?:is|are|was|were|be|been) asked(?! for)", instead: "say who asks, or: polls, requests" },
  { pattern: "keeps? (?:no|none)", instead: "does not stop, does not affect" },
  { pattern: "(?:names?|knows?) no", instead: "does not name, does not know, has no" },
  { pattern: "(?:go|goes|going|went|gone) on with", instead: "continue, resume" },
  { pattern: "in good order", instead: "gracefully, cleanly" },
  { pattern: "shall", instead: "must, should" },
  // "Any more of them" is right.
  { pattern: "any more(?=[.:;)\"'`]|$)", instead: "anymore" },
  { pattern: "presumably", instead: "probably" },
  { pattern: "makes? use of", instead: "use, exploit" },
  { pattern: "limit of (?:age|processes|time)", instead: "an age limit, a limit on processes, a time limit" },
  { pattern: "accepts? no more", instead: "is not accepting more" },
  { pattern: "or not valid", instead: "or invalid" },
  { pattern: "list of [a-z]+ minutes", instead: "a ten-minute list" },
  { pattern: "another shape of", instead: "a differently shaped …" },
  { pattern: "worst [a-z ]+ of them all", instead: "the worst exit code" },
  // British spelling. "Cancelled" is a word of GitHub and n8n.
  {
    pattern:
      "(?:behaviour|colour|favour|honour|neighbour)(?:s|ed|ing|able|ite)?|licence[sd]?|labelled|(?:recognis|summaris|organis|normalis|initialis)(?:e[sd]?|ing)|analysed?|(?:milli|centi)?metres|grey|judgement|catalogue",
    instead: "the American spelling",
  },
];

/** Sentences go on across lines, behind the marks of a comment or a quote. */
const GAP = String.raw`(?:\s+(?:(?:\*|//|#|>)\s+)?)`;

const CHECKS = TICS.map(({ pattern, instead }) => ({
  expression: new RegExp(String.raw`\b(?:${pattern.replaceAll(" ", GAP)})\b`, "gi"),
  instead,
}));

/** @returns a line for each habit in a text, with its place and what to write instead */
export function findTics(path: string, text: string): string[] {
  const found = CHECKS.flatMap(({ expression, instead }) =>
    [...text.matchAll(expression)].map(({ 0: words, index }) => ({
      line: text.slice(0, index).split("\n").length,
      words: words.replace(/\s+/g, " "),
      instead,
    })),
  );
  return found
    .sort((one, other) => one.line - other.line)
    .map(({ line, words, instead }) => `${path}:${line}: "${words}". Write: ${instead}.`);
}

const MASK = "[redacted]";
/** Deeper than any of our values. */
const MAX_DEPTH = 300;

/** Members with these names are secret wherever they appear. */
const SECRET_NAMES =
  /^(proxy-)?authorization$|^(set-)?cookie$|api[-_]?key|secret|token|password|signature|credential/i;

/** Members that hold local paths: redacting part of a path would make it point somewhere else. */
const PLACE_NAMES = /^(outDir|path|file|recordFile)$/;
const ABSOLUTE_PATH = /^(\/|[a-z]:[\\/]|\\\\)/i;

/**
 * What looks like a secret in any text, but not like part of a file name. Texts come from outside, so each of these must
 * run in linear time: whatever a match can start with, it also consumes to the end.
 */
const PATTERNS: readonly (readonly [RegExp, string | ((match: string) => string)])[] = [
  // The user and the query of a URL, which authorizes presigned requests. Host and path stay readable.
  [/:\/\/[^\s"'<>?#\\]*(?:[?#][^\s"'<>]*)?/g, hideUserAndQuery],
  [/\bBearer\s+(?=[^\s"',;/\\]{8})[^\s"',;]+/gi, `Bearer ${MASK}`],
  [/\bRJ-[\w.~+/\\=-]+/g, hideKey],
  [/\beyJ[\w-]{12,}(?:\.[\w-]*)*/g, MASK],
  [/\b((?:x-amz-|x-goog-)(?:signature|credential|security-token))=[^\s&"'<>]+/gi, `$1=${MASK}`],
  [/\b(signature|credential|security-token|token|sig)=(?=[^\s&"'<>?/\\]{8})[^\s&"'<>]+/gi, `$1=${MASK}`],
  [/(authorization["']?\s{0,4}[:=]\s{0,4}["']?\w{1,20}\s{1,4})[^\s"',;<>]+/gi, `$1${MASK}`],
  // As storage hosts quote them in their error responses.
  [/(<(?:\w{0,20})(?:signature|token|credential|secret)\w{0,20}>)[^<]+/gi, `$1${MASK}`],
];

/** The origin and path of a URL. Everything after the `?` is dropped, since it may be a signature. */
export function redactUrl(url: string): string {
  if (!URL.canParse(url)) return redactText(url);
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

/**
 * Hides only the given secrets, even if they are encoded: for the user's own words, such as a folder name.
 *
 * @example
 * hideSecrets("renders/hunter2/", ["hunter2"]);
 */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  return secrets.flatMap(encodings).reduce((hidden, secret) => hidden.replaceAll(secret, MASK), text);
}

/**
 * Hides keys, tokens, signed queries and the given secrets in a text, even if they are encoded.
 *
 * @example
 * console.log(redactText(String(error)));
 */
export function redactText(text: string, secrets: readonly string[] = []): string {
  let redacted = hideSecrets(text, secrets);
  for (const [pattern, replacement] of PATTERNS) redacted = redacted.replace(pattern, replacement as string);
  return redacted;
}

/** The beginning of a text, redacted. The rest is not looked at, and no secret is cut in two. */
export function redactExcerpt(text: string, maxCharacters: number, secrets: readonly string[] = []): string {
  if (text.length <= maxCharacters) return redactText(text, secrets);
  const start = text.slice(0, maxCharacters);
  const halves = secrets.flatMap(encodings).map((secret) => overlap(start, secret));
  return `${redactText(start.slice(0, start.length - Math.max(0, ...halves)), secrets)}…`;
}

/** How many characters at the end of `text` are the start of `secret`. */
function overlap(text: string, secret: string): number {
  for (let length = Math.min(text.length, secret.length - 1); length > 0; length--) {
    if (text.endsWith(secret.slice(0, length))) return length;
  }
  return 0;
}

/**
 * A copy with every text redacted except local paths, and every member with a secret name hidden.
 *
 * @example
 * console.log(redactValue({ apiKey: "RJ-1", file: "shot.blend" }));
 */
export function redactValue(value: unknown, secrets: readonly string[] = []): unknown {
  return redactDeep(value, secrets, []);
}

function redactDeep(value: unknown, secrets: readonly string[], ancestors: readonly object[]): unknown {
  if (typeof value === "string") return redactText(value, secrets);
  if (typeof value !== "object" || value === null) return value;
  if (ancestors.includes(value)) return "[circular]";
  if (ancestors.length >= MAX_DEPTH) return "[too deep]";
  const inside = [...ancestors, value];
  if (Array.isArray(value)) return value.map((item) => redactDeep(item, secrets, inside));
  if (value instanceof Error) return redactText(`${value.name}: ${value.message}`, secrets);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      redactText(name, secrets),
      SECRET_NAMES.test(name) && member !== null
        ? MASK
        : isPlace(name, member)
          ? hideSecrets(member, secrets)
          : redactDeep(member, secrets, inside),
    ]),
  );
}

function isPlace(name: string, value: unknown): value is string {
  return PLACE_NAMES.test(name) && typeof value === "string" && ABSOLUTE_PATH.test(value);
}

/** Short texts, and those followed by the rest of a path, are names and not keys. */
function hideKey(text: string): string {
  return /^RJ-[\w.~+=-]*[/\\]/.test(text) || text.length < "RJ-".length + 12 ? text : `RJ-${MASK}`;
}

/** @param url from the `://` on */
function hideUserAndQuery(url: string): string {
  const queryStart = url.search(/[?#]/);
  const place = queryStart < 0 ? url : url.slice(0, queryStart);
  const [, , host = "", ...path] = place.split("/");
  const shown = ["://", host.slice(host.lastIndexOf("@") + 1), ...path.map((segment) => `/${segment}`)].join(
    "",
  );
  return queryStart < 0 ? shown : `${shown}?${MASK}`;
}

/** The forms in which a secret appears: as it is, in a URL, in JSON. Longest first, so that no part is left over. */
function encodings(secret: string): string[] {
  if (secret === "") return [];
  const inUrl = secret.isWellFormed() ? [encodeURIComponent(secret), encodeURI(secret)] : [];
  const forms = new Set([secret, ...inUrl, JSON.stringify(secret).slice(1, -1)]);
  return [...forms].sort((a, b) => b.length - a.length);
}

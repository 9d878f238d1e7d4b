const MASK = "[redacted]";

/** Names whose value is a secret wherever it stands. */
const SECRET_NAMES =
  /^(proxy-)?authorization$|^(set-)?cookie$|api[-_]?key|secret|token|password|signature|credential/i;

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // The query of any URL: presigned ones carry their right in it. Path and host stay readable.
  [/(\bhttps?:\/\/[^\s"'<>?#\\]*)[?#][^\s"'<>]*/gi, `$1?${MASK}`],
  [/(\bhttps?:\/\/)[^\s"'<>/@]+@/gi, "$1"],
  [/\bBearer\s+[^\s"',;]+/gi, `Bearer ${MASK}`],
  [/\bRJ-[\w.~+/=-]+/g, `RJ-${MASK}`],
  [/\beyJ[\w-]+\.[\w-]+(\.[\w-]*)?/g, MASK],
  [/\b((?:x-amz-|x-goog-)?(?:signature|credential|security-token)|token|sig)=[^\s&"'<>]+/gi, `$1=${MASK}`],
];

/** Origin and path of a URL. What follows the `?` may be a signature and is dropped. */
export function redactUrl(url: string): string {
  if (!URL.canParse(url)) return redactText(url);
  const { origin, pathname, search } = new URL(url);
  return `${origin}${pathname}${search ? `?${MASK}` : ""}`;
}

/** Hides keys, tokens, signed queries and the given secrets in a text, also where they are encoded. */
export function redactText(text: string, secrets: readonly string[] = []): string {
  let redacted = text;
  for (const secret of secrets.flatMap(encodings)) redacted = redacted.replaceAll(secret, MASK);
  for (const [pattern, replacement] of PATTERNS) redacted = redacted.replace(pattern, replacement);
  return redacted;
}

/** A copy in which every text is redacted and every member with a secret's name is hidden. */
export function redactValue(value: unknown, secrets: readonly string[] = []): unknown {
  return redactDeep(value, secrets, new Set());
}

function redactDeep(value: unknown, secrets: readonly string[], ancestors: ReadonlySet<object>): unknown {
  if (typeof value === "string") return redactText(value, secrets);
  if (typeof value !== "object" || value === null) return value;
  if (ancestors.has(value)) return "[circular]";
  const inside = new Set(ancestors).add(value);
  if (Array.isArray(value)) return value.map((item) => redactDeep(item, secrets, inside));
  if (value instanceof Error) return redactText(`${value.name}: ${value.message}`, secrets);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      redactText(name, secrets),
      SECRET_NAMES.test(name) && member !== null ? MASK : redactDeep(member, secrets, inside),
    ]),
  );
}

/** The forms in which a secret turns up: as it is, in a URL, in JSON. Longest first, so that none leaves a rest. */
function encodings(secret: string): string[] {
  if (secret === "") return [];
  const inUrl = secret.isWellFormed() ? [encodeURIComponent(secret), encodeURI(secret)] : [];
  const forms = new Set([secret, ...inUrl, JSON.stringify(secret).slice(1, -1)]);
  return [...forms].sort((a, b) => b.length - a.length);
}

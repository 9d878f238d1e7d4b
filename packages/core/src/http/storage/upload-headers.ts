import type { UploadTarget } from "../../contract/index.ts";
import { UploadError } from "../../errors/index.ts";

/** The values that signers use by default. */
const USUAL_VALUES: Readonly<Record<string, string>> = {
  "content-type": "application/octet-stream",
  "x-amz-content-sha256": "UNSIGNED-PAYLOAD",
};
/** Set by the HTTP library, or never sent to storage. */
const NOT_OURS = /^(host|content-length|transfer-encoding|connection|expect|authorization|cookie|proxy-.*)$/;
const HEADER_MEMBERS = ["headers", "requiredHeaders", "uploadHeaders", "signedHeaders"];
const CONTENT_TYPE_MEMBERS = ["contentType", "mimeType"];

export interface UploadHeaders {
  readonly headers: Readonly<Record<string, string>>;
  /** Signed headers whose value the API does not name. */
  readonly guessed: readonly string[];
}

/**
 * The headers of the `PUT`: those that the API returns with the URL, and those that the URL was signed with. No others,
 * since storage refuses what it does not expect.
 *
 * @throws UploadError `upload_rejected` for a signed header whose value is not known
 */
export function readUploadHeaders(target: UploadTarget, sizeBytes: number): UploadHeaders {
  const headers: Record<string, string> = { ...readNamed(target), "content-length": String(sizeBytes) };
  const guessed: string[] = [];
  const { searchParams } = new URL(target.uploadUrl);
  const inUrl = new Set([...searchParams.keys()].map((name) => name.toLowerCase()));
  for (const name of readSignedNames(searchParams)) {
    if (NOT_OURS.test(name) || name in headers || inUrl.has(name)) continue;
    const value = USUAL_VALUES[name];
    if (value === undefined) throw unknownHeader(name);
    headers[name] = value;
    guessed.push(name);
  }
  return { headers, guessed };
}

function readSignedNames(query: URLSearchParams): string[] {
  const lists = [...query].filter(([name]) => /^x-(amz|goog)-signedheaders$/i.test(name));
  return lists
    .flatMap(([, list]) =>
      list
        .toLowerCase()
        .split(";")
        .map((name) => name.trim()),
    )
    .filter(Boolean);
}

/** Where the API would put them is not documented: a map or a list, under one of the usual names. */
function readNamed(target: UploadTarget): Record<string, string> {
  const pairs = [
    ...CONTENT_TYPE_MEMBERS.map((member) => ["content-type", target[member]] as const),
    ...HEADER_MEMBERS.flatMap((member) => readPairs(target[member])),
  ];
  return Object.fromEntries(
    pairs.flatMap(([name, value]) => {
      const isUsable = typeof value === "string" && /^[\w-]+$/.test(name) && /^[\t\x20-\x7e]+$/.test(value);
      return isUsable && !NOT_OURS.test(name.toLowerCase()) ? [[name.toLowerCase(), value]] : [];
    }),
  );
}

function readPairs(value: unknown): (readonly [string, unknown])[] {
  if (typeof value !== "object" || value === null) return [];
  if (!Array.isArray(value)) return Object.entries(value);
  return value.flatMap((item) => {
    const { name, key, value: content } = (item ?? {}) as Record<string, unknown>;
    const title = name ?? key;
    return typeof title === "string" ? [[title, content] as const] : [];
  });
}

function unknownHeader(name: string): UploadError {
  return new UploadError({
    code: "upload_rejected",
    message: `The upload URL was signed with the header "${name}", but the API does not say with which value.`,
    hint: "Nothing was sent. Tell Renderjuice support: the response to POST /uploads must include the value of that header.",
  });
}

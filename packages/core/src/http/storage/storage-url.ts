import { isLoopbackUrl } from "../loopback.ts";

/** How many redirects are followed. */
export const MAX_REDIRECTS = 3;

/** What is wrong with a URL from the API, to follow "The URL …". Undefined if it can be used. */
export function findUrlProblem(url: string): string | undefined {
  if (!URL.canParse(url)) return "is not a valid URL";
  const { protocol, hostname } = new URL(url);
  if (!["http:", "https:"].includes(protocol)) return `is a ${protocol} URL`;
  return hostname === "" ? "has no host" : undefined;
}

/**
 * Where a storage host redirects a request to, as S3 does for a new bucket (307). Never from TLS to plain HTTP, and never
 * from another machine to this one.
 */
export function readRedirect(
  url: string,
  { status, headers }: { status: number; headers: Readonly<Record<string, string>> },
): string | undefined {
  if ((status !== 307 && status !== 308) || !headers.location) return undefined;
  const next = URL.parse(headers.location, url);
  if (!next || findUrlProblem(next.href) !== undefined) return undefined;
  const isFromHere = isLoopbackUrl(url);
  if (isLoopbackUrl(next) && !isFromHere) return undefined;
  return next.protocol === "https:" || isFromHere ? next.href : undefined;
}

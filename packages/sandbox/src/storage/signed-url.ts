import { createHmac, timingSafeEqual } from "node:crypto";

export interface SignedRequest {
  readonly method: "GET" | "PUT";
  /** Path on the storage host, with a leading `/`, not encoded. */
  readonly path: string;
  readonly expiresAtMs: number;
}

/** Adds an expiry and a signature to a URL of the storage host. */
export function signUrl(origin: string, secret: string, request: SignedRequest): string {
  const url = new URL(request.path.split("/").map(encodeURIComponent).join("/"), origin);
  url.searchParams.set("expires", String(request.expiresAtMs));
  url.searchParams.set("signature", sign(secret, request.method, url.pathname, request.expiresAtMs));
  return url.href;
}

/** Whether a URL is ours, unchanged and not expired. */
export function checkUrl(
  secret: string,
  method: string,
  url: URL,
  nowMs: number,
): "ok" | "forged" | "expired" {
  const expiresAtMs = Number(url.searchParams.get("expires"));
  const expected = Buffer.from(sign(secret, method, url.pathname, expiresAtMs));
  const given = Buffer.from(url.searchParams.get("signature") ?? "");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return "forged";
  return nowMs < expiresAtMs ? "ok" : "expired";
}

function sign(secret: string, method: string, path: string, expiresAtMs: number): string {
  return createHmac("sha256", secret).update(`${method}\n${path}\n${expiresAtMs}`).digest("hex");
}

import { createHmac, timingSafeEqual } from "node:crypto";

export interface SignedRequest {
  readonly method: "GET" | "PUT";
  /** Path on the storage host, with a leading `/`. */
  readonly path: string;
  readonly expiresAtMs: number;
}

/** Adds an expiry and a signature to a URL of the storage host. */
export function signUrl(origin: string, secret: string, request: SignedRequest): string {
  const url = new URL(request.path, origin);
  url.searchParams.set("expires", String(request.expiresAtMs));
  url.searchParams.set("signature", sign(secret, { ...request, path: url.pathname }));
  return url.href;
}

/** Whether a URL is ours, unaltered and in time. */
export function checkUrl(
  secret: string,
  method: "GET" | "PUT",
  url: URL,
  nowMs: number,
): "ok" | "forged" | "expired" {
  const expiresAtMs = Number(url.searchParams.get("expires"));
  const expected = Buffer.from(sign(secret, { method, path: url.pathname, expiresAtMs }), "hex");
  const given = Buffer.from(url.searchParams.get("signature") ?? "", "hex");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return "forged";
  return nowMs < expiresAtMs ? "ok" : "expired";
}

function sign(secret: string, { method, path, expiresAtMs }: SignedRequest): string {
  return createHmac("sha256", secret).update(`${method}\n${path}\n${expiresAtMs}`).digest("hex");
}

// What the documentation states: HMAC-SHA256 over "{timestamp}.{rawBody}", with the secret's UTF-8 bytes as the key.

export const SIGNATURE_HEADER = "x-renderjuice-signature";
export const TIMESTAMP_HEADER = "x-renderjuice-timestamp";

const encoder = new TextEncoder();

export async function hmacSha256(
  secret: string,
  timestamp: string,
  rawBody: Uint8Array,
): Promise<Uint8Array> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, ["sign"]);
  const prefix = encoder.encode(`${timestamp}.`);
  const content = new Uint8Array(prefix.length + rawBody.length);
  content.set(prefix);
  content.set(rawBody, prefix.length);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, content));
}

export function toBytes(body: string | Uint8Array | ArrayBuffer): Uint8Array {
  if (typeof body === "string") return encoder.encode(body);
  return body instanceof ArrayBuffer ? new Uint8Array(body) : body;
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

import type { IncomingMessage, ServerResponse } from "node:http";
import { cors } from "hono/cors";

/** What a page may read of an answer besides its body. */
const READABLE_HEADERS = [
  "Retry-After",
  "X-Request-Id",
  "X-Idempotent-Replay",
  "ETag",
  "Content-Range",
  "Date",
];

/** Lets pages of these origins use the API. Without any, browsers keep all pages out. */
export function allowOrigins(origins: readonly string[]) {
  return cors({ origin: [...origins], exposeHeaders: READABLE_HEADERS });
}

/** The same at the storage. @returns true for a browser's preflight request, which is answered by then */
export function answerOrigin(
  origins: readonly string[],
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const { origin, "access-control-request-headers": headers = "" } = request.headers;
  if (origin === undefined || !origins.includes(origin)) return false;
  response.setHeader("access-control-allow-origin", origin).setHeader("vary", "origin");
  response.setHeader("access-control-expose-headers", READABLE_HEADERS.join(","));
  if (request.method !== "OPTIONS") return false;
  response
    .setHeader("access-control-allow-methods", "GET,PUT")
    .setHeader("access-control-allow-headers", headers);
  response.writeHead(204).end();
  return true;
}

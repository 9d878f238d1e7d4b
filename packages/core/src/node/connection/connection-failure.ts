import { ProxyError, RenderjuiceError } from "../../errors/index.ts";
import { connectionErrorFrom } from "../../http/connection-error-from.ts";
import { findSystemCode } from "../../http/find-system-code.ts";

/** The client was closed on purpose, so there is nothing to retry. */
const CLOSED = new Set(["UND_ERR_DESTROYED", "UND_ERR_CLOSED"]);

interface ConnectFailure extends Error {
  readonly syscall?: string | undefined;
  readonly hostname?: string | undefined;
  readonly address?: string | undefined;
  readonly port?: number | undefined;
}

/**
 * Our error for what undici and Node throw if there was no complete response. Whatever they throw is treated as a
 * connection failure, even if it is not known here.
 */
export function connectionFailure(
  error: unknown,
  url: string,
  timeoutMs: number,
  operation: string,
): unknown {
  if (RenderjuiceError.isInstance(error) || !(error instanceof Error)) return error;
  const systemCode = findCode(error);
  if (isClosed(error)) return new DOMException("The client was closed.", "AbortError");
  const proxy = findOtherPeer(innermost(error), url);
  if (proxy) return new ProxyError({ host: new URL(url).host, proxy, systemCode, cause: error });
  return connectionErrorFrom(systemCode, { url, timeoutMs, operation, cause: error });
}

export function isClosed(error: Error): boolean {
  return CLOSED.has(findCode(error));
}

export function findCode(error: Error): string {
  // undici's parser sets no code.
  const fallback = error.name === "HTTPParserError" ? "NOT_HTTP" : error.name;
  return findSystemCode(error) ?? fallback;
}

function innermost(error: Error): ConnectFailure {
  return error instanceof AggregateError ? (error.errors[0] ?? error) : error;
}

/** The host that the system tried to connect to, if it is not that of the URL: a proxy that cannot be reached. */
function findOtherPeer(error: ConnectFailure, url: string): string | undefined {
  const { syscall, hostname, address, port } = error;
  if (syscall === "getaddrinfo") return hostname && hostname !== new URL(url).hostname ? hostname : undefined;
  if (syscall !== "connect" || port === undefined || port === portOf(url)) return undefined;
  return `${hostname ?? address}:${port}`;
}

function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return Number(port) || (protocol === "https:" ? 443 : 80);
}

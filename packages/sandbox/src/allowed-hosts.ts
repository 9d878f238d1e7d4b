import { isIP } from "node:net";
import { hostname } from "node:os";

/** Whether a request may be addressed to this `Host`. */
export type HostCheck = (hostHeader: string | undefined) => boolean;

export const WRONG_HOST =
  "The sandbox does not accept this host name. Use localhost, or start it with --allow-host <name>.";

/**
 * Keeps web pages out: a browser would let a page whose name resolves to this machine (DNS rebinding) talk to us, but
 * it still sends the name that it asked for. Addresses cannot be rebound, so they are allowed when the sandbox listens
 * to others.
 *
 * @param boundHost the address that the sandbox listens on
 * @param allowed further names, such as that of a container
 */
export function createHostCheck(boundHost: string, allowed: readonly string[] = []): HostCheck {
  const names = new Set(allowed.map((name) => name.toLowerCase()));
  const isOpen = !isLoopback(boundHost.toLowerCase());
  if (isOpen) for (const name of [boundHost, hostname()]) names.add(name.toLowerCase());
  return (hostHeader) => {
    const name = nameOf(hostHeader);
    if (name === undefined) return false;
    return isLoopback(name) || names.has(name) || (isOpen && isIP(name) !== 0);
  };
}

/** In lower case, without port and brackets. */
function nameOf(hostHeader: string | undefined): string | undefined {
  if (hostHeader === undefined || !URL.canParse(`http://${hostHeader}`)) return undefined;
  return new URL(`http://${hostHeader}`).hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
}

function isLoopback(name: string): boolean {
  return name === "localhost" || name === "::1" || (isIP(name) === 4 && name.startsWith("127."));
}

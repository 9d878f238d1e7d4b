import { getCACertificates } from "node:tls";
import { Agent, type Dispatcher, EnvHttpProxyAgent } from "undici";

export interface ConnectionOptions {
  /** PEM certificates to trust besides those of Node, for studios with their own authority. */
  readonly ca?: string | readonly string[];
  /** Connections per host. @default 32 */
  readonly connections?: number;
}

/** Connection pools that honour `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`. */
export interface Dispatchers {
  for(url: string): Dispatcher;
  close(): Promise<void>;
}

export function createDispatchers({ ca, connections = 32 }: ConnectionOptions = {}): Dispatchers {
  // Naming authorities replaces Node's own, so those are named too.
  const trust = ca && { ca: [...getCACertificates("default"), ...(typeof ca === "string" ? [ca] : ca)] };
  const settings = { connections, ...(trust && { connect: trust }) };
  const direct = new Agent(settings);
  const proxied = new EnvHttpProxyAgent({ ...settings, ...(trust && { requestTls: trust }) });
  return {
    // A studio's proxy cannot reach a sandbox on this machine, and NO_PROXY seldom names it.
    for: (url) => (isLoopback(new URL(url).hostname) ? direct : proxied),
    close: async () => {
      await Promise.all([direct.destroy(), proxied.destroy()]);
    },
  };
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { getCACertificates } from "node:tls";
import { Agent, type Dispatcher, EnvHttpProxyAgent, Pool } from "undici";
import { ProxyError } from "../../errors/index.ts";
import { isLoopbackUrl } from "../../http/loopback.ts";
import { findCode, isClosed } from "./connection-failure.ts";
import { readProxySettings } from "./proxy-settings.ts";

/** For a connection, and for a proxy's response to CONNECT. */
const CONNECT_TIMEOUT_MS = 15_000;

export interface ConnectionOptions {
  /** PEM certificates to trust in addition to Node's, for studios with their own certificate authority. */
  readonly ca?: string | readonly string[];
  /** Connections per host. @default 32 */
  readonly connections?: number;
}

/** Connection pools that honor `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`. */
export interface Dispatchers {
  /** @throws ConfigError if the URL needs a proxy and the one in the environment is invalid */
  for(url: string): Dispatcher;
  close(): Promise<void>;
}

/**
 * Connections for a client, with the proxies of the environment.
 *
 * @example
 * const dispatchers = createDispatchers();
 * const transport = createUndiciTransport(dispatchers);
 */
export function createDispatchers({ ca, connections = 32 }: ConnectionOptions = {}): Dispatchers {
  // Setting `ca` replaces Node's own certificates, so those are added again.
  const trust = ca && { ca: [...getCACertificates("default"), ...(typeof ca === "string" ? [ca] : ca)] };
  const settings = {
    connections,
    connectTimeout: CONNECT_TIMEOUT_MS,
    ...(trust && { connect: trust }),
  };
  // A studio's proxy cannot reach a sandbox on this machine, and NO_PROXY rarely lists it.
  const local = new Agent({ ...settings, connect: { ...trust, lookup: lookUpLocalhost } });
  let proxied: Dispatcher | undefined;
  const openProxied = () => {
    const proxies = readProxySettings(process.env);
    // With these settings undici would speak TLS to a SOCKS proxy.
    const proxyTls = !Object.values(proxies).some((proxy) => proxy.startsWith("socks")) && trust;
    return new EnvHttpProxyAgent({
      ...settings,
      ...proxies,
      ...(trust && { requestTls: trust }),
      ...(proxyTls && { proxyTls }),
      clientFactory: createProxyPool,
    });
  };
  return {
    for(url) {
      if (isLoopbackUrl(url)) return local;
      proxied ??= openProxied();
      return proxied;
    },
    close: async () => {
      await Promise.all([local.destroy(), proxied?.destroy()]);
    },
  };
}

/** Not every system resolves `x.localhost` to `localhost`, and DNS must not decide it. */
const lookUpLocalhost: LookupFunction = (_hostname, options, callback) =>
  lookup("localhost", options, callback as never);

/** Connections to a proxy, whose failures are reported as such. A proxy that does not answer is not waited for. */
function createProxyPool(proxyUrl: URL, options: object): Dispatcher {
  const pool = new Pool(proxyUrl.origin, { ...options, headersTimeout: CONNECT_TIMEOUT_MS });
  const connect = pool.connect.bind(pool);
  return Object.assign(pool, {
    async connect(request: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> {
      const route = { host: request.path, proxy: proxyUrl.host };
      const answer = await connect(request).catch((cause) => {
        if (isClosed(cause)) throw cause;
        throw new ProxyError({ ...route, systemCode: findCode(cause), cause });
      });
      const { statusCode: status, socket } = answer;
      if (status === 200) return answer;
      socket.on("error", () => undefined).destroy();
      throw new ProxyError({ ...route, status, systemCode: `PROXY_${status}` });
    },
  });
}

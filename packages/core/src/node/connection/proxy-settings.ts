import { ConfigError } from "../../errors/index.ts";

/** As curl and others do: lower case takes precedence over upper case. */
const HTTPS_NAMES = ["https_proxy", "HTTPS_PROXY"];
const HTTP_NAMES = ["http_proxy", "HTTP_PROXY"];
const ALL_NAMES = ["all_proxy", "ALL_PROXY"];
const SCHEMES = ["http:", "https:", "socks5:", "socks:"];

export interface ProxySettings {
  /** For `https:` URLs; empty if there is none. */
  readonly httpsProxy: string;
  readonly httpProxy: string;
}

/**
 * Reads `HTTPS_PROXY`, `HTTP_PROXY` and, if these are not set, `ALL_PROXY`. A proxy without a scheme is an HTTP proxy.
 *
 * @throws ConfigError if one of them is not a usable proxy URL
 */
export function readProxySettings(env: NodeJS.ProcessEnv): ProxySettings {
  return {
    httpsProxy: readProxy(env, [...HTTPS_NAMES, ...HTTP_NAMES, ...ALL_NAMES]),
    httpProxy: readProxy(env, [...HTTP_NAMES, ...ALL_NAMES]),
  };
}

function readProxy(env: NodeJS.ProcessEnv, names: readonly string[]): string {
  const name = names.find((candidate) => env[candidate]?.trim());
  if (name === undefined) return "";
  const value = env[name]?.trim() ?? "";
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`);
  if (!url?.hostname) throw unusable(name, "is not a valid proxy URL");
  // The parser has checked the port. Percent-encoding is decoded later, where errors are not explained.
  if (!isDecodable(url.username) || !isDecodable(url.password)) {
    throw unusable(name, "has a % in its user name or password that does not start an encoded character");
  }
  const scheme = url.protocol.replace("socks5h:", "socks5:");
  if (!SCHEMES.includes(scheme))
    throw unusable(name, `names a ${url.protocol} proxy, which is not supported`);
  return scheme === url.protocol ? url.href : url.href.replace(url.protocol, scheme);
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** Without the value, which may contain a password. */
function unusable(name: string, problem: string): ConfigError {
  return new ConfigError({
    code: "invalid_option",
    option: name,
    message: `The environment variable ${name} ${problem}.`,
    hint: "Use http://host:port, https://host:port or socks5://host:port, with user:password@ before the host if the proxy requires them.",
  });
}

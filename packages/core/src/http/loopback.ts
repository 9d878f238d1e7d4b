/** Whether a URL's host is this machine: `localhost` and names below it, 127.0.0.0/8, `::1`. */
export function isLoopbackUrl(url: string | URL): boolean {
  // The URL parser has lowered the case and shortened every form of an address to one.
  const hostname = new URL(url).hostname.replace(/\.$/, "");
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname) ||
    /^\[::ffff:7f[0-9a-f]{2}:[0-9a-f]+\]$/.test(hostname)
  );
}

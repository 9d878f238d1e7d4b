/** Whether the host of a URL is this machine: `localhost` and its subdomains, 127.0.0.0/8, or `::1`. */
export function isLoopbackUrl(url: string | URL): boolean {
  // The URL parser has already lowercased names and normalized addresses.
  const hostname = new URL(url).hostname.replace(/\.$/, "");
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname) ||
    /^\[::ffff:7f[0-9a-f]{2}:[0-9a-f]+\]$/.test(hostname)
  );
}

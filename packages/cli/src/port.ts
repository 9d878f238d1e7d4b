import { InvalidArgumentError } from "@commander-js/extra-typings";

export function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new InvalidArgumentError("Use a port number from 0 to 65535.");
}

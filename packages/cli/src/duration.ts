import { InvalidArgumentError } from "@commander-js/extra-typings";
import ms, { type StringValue } from "ms";

/** Reads `90s`, `30m`, `2h`, `1d`. @returns milliseconds */
export function parseDuration(text: string): number {
  const durationMs = /^\d+(\.\d+)?\s*[a-z]+$/i.test(text) ? ms(text as StringValue) : undefined;
  if (durationMs !== undefined && durationMs > 0) return durationMs;
  throw new InvalidArgumentError('Use a number with a unit, such as "90s", "30m" or "2h".');
}

/** The reverse of `parseDuration`. */
export function writeDuration(durationMs: number): string {
  if (durationMs % 60_000 === 0) return `${durationMs / 60_000}m`;
  return durationMs % 1000 === 0 ? `${durationMs / 1000}s` : `${durationMs}ms`;
}

import prettyBytes from "pretty-bytes";
import prettyMilliseconds from "pretty-ms";

const BAR_CELLS = 16;

/**
 * A size, for people.
 *
 * @example
 * formatBytes(1_500_000); // "1.5 MB"
 */
export function formatBytes(bytes: number): string {
  return prettyBytes(bytes, { maximumFractionDigits: 1 });
}

/**
 * A duration, for people.
 *
 * @example
 * formatDuration(90_000); // "1m 30s"
 */
export function formatDuration(durationMs: number): string {
  return prettyMilliseconds(
    durationMs,
    durationMs < 10_000 ? { secondsDecimalDigits: 1 } : { secondsDecimalDigits: 0 },
  );
}

/** `3 min`, `1 h 20 min` */
export function formatMinutes(durationMs: number): string {
  const minutes = Math.floor(durationMs / 60_000);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/**
 * `1 frame`, `2 frames`
 *
 * @example
 * count(2, "frame"); // "2 frames"
 */
export function count(amount: number, unit: string): string {
  return `${amount} ${unit}${amount === 1 ? "" : "s"}`;
}

/**
 * A progress bar of text.
 *
 * @param share from 0 to 1
 * @example
 * bar(0.5);
 */
export function bar(share: number): string {
  const full = Math.round(share * BAR_CELLS);
  return "█".repeat(full) + "░".repeat(BAR_CELLS - full);
}

import prettyBytes from "pretty-bytes";
import prettyMilliseconds from "pretty-ms";

const BAR_CELLS = 16;

export function formatBytes(bytes: number): string {
  return prettyBytes(bytes, { maximumFractionDigits: 1 });
}

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

/** `1 frame`, `2 frames` */
export function count(amount: number, unit: string): string {
  return `${amount} ${unit}${amount === 1 ? "" : "s"}`;
}

/** @param share from 0 to 1 */
export function bar(share: number): string {
  const full = Math.round(share * BAR_CELLS);
  return "█".repeat(full) + "░".repeat(BAR_CELLS - full);
}

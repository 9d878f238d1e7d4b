import { readMissingFiles } from "../lifecycle/missing-files.ts";
import { count } from "../text/format.ts";
import { foreignLine } from "../text/terminal-text.ts";

/** The server's findings on one line, after a colon; empty when their shape is not known. */
export function describeAnalysis(analysis: unknown): string {
  if (typeof analysis !== "object" || analysis === null) return "";
  const { renderEngine, frameStart, frameEnd, resolution, fps } = analysis as Record<string, unknown>;
  const missingFiles = readMissingFiles(analysis);
  const parts = [
    typeof renderEngine === "string" && renderEngine,
    typeof frameStart === "number" && typeof frameEnd === "number" && `frames ${frameStart} to ${frameEnd}`,
    Array.isArray(resolution) && resolution.join("x"),
    typeof fps === "number" && `${fps} fps`,
    missingFiles.length > 0 && `${count(missingFiles.length, "file")} missing`,
  ].filter((part) => typeof part === "string");
  return parts.length > 0 ? `: ${foreignLine(parts.join(", "))}` : "";
}

/** Everything the server found, one member per line. */
export function listAnalysis(analysis: unknown): string {
  if (typeof analysis !== "object" || analysis === null) return "The server gives no analysis.";
  return Object.entries(analysis)
    .map(([name, value]) =>
      foreignLine(`${name.padEnd(20)} ${typeof value === "object" ? JSON.stringify(value) : value}`),
    )
    .join("\n");
}

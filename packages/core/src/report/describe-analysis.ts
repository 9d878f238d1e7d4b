import type { SceneAnalysis } from "../contract/index.ts";
import { count } from "../text/format.ts";
import { foreignLine } from "../text/terminal-text.ts";

type MaybeAnalysis = SceneAnalysis | null | undefined;

/** What the scene has, whatever was requested, as a sentence after another; empty if the server gives nothing that we know. */
export function describeAnalysis(analysis: MaybeAnalysis): string {
  const { renderEngine, frameStart, frameEnd, resolution, fps, missingFiles } = analysis ?? {};
  const parts = [
    renderEngine,
    frameStart != null && frameEnd != null && `frames ${frameStart} to ${frameEnd}`,
    resolution?.join("x"),
    fps != null && `${fps} fps`,
    missingFiles && missingFiles.length > 0 && `${count(missingFiles.length, "file")} missing`,
  ].filter((part) => typeof part === "string");
  return parts.length > 0 ? ` The scene: ${foreignLine(parts.join(", "))}.` : "";
}

/**
 * The server's whole analysis, one member per line.
 *
 * @example
 * console.log(listAnalysis(job.analysis));
 */
export function listAnalysis(analysis: MaybeAnalysis): string {
  if (!analysis) return "The server gave no analysis.";
  return Object.entries(analysis)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) =>
      foreignLine(`${name.padEnd(20)} ${typeof value === "object" ? JSON.stringify(value) : value}`),
    )
    .join("\n");
}

import { nameFrame } from "./frame-pattern.ts";
import type { PlannedOutput } from "./plan-outputs.ts";
import { UniquePaths } from "./unique-paths.ts";

/**
 * Where each output goes, relative to the output folder: its own name, or for frames a name from a pattern. If the pattern
 * gives two files the same name, the second one keeps its own.
 *
 * @throws ConfigError if the pattern contains a folder
 */
export function choosePlaces(
  outputs: readonly PlannedOutput[],
  framePattern: string | undefined,
): Map<PlannedOutput, string> {
  const places = new Map<PlannedOutput, string>();
  const taken = new UniquePaths();
  for (const output of framePattern === undefined ? [] : outputs) {
    if (output.kind !== "frame" || output.frame === undefined) continue;
    const name = nameFrame(framePattern ?? "", output.frame, output.relativePath, output.view);
    if (!taken.has(name)) places.set(output, taken.add(name));
  }
  for (const output of outputs) {
    if (!places.has(output)) places.set(output, taken.add(output.relativePath));
  }
  return places;
}

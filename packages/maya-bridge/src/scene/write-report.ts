import { join } from "node:path";
import { count } from "@renderjuice/core/adapter";
import { replaceFile } from "@renderjuice/core/adapter/node";
import { lossText } from "./loss/loss-text.ts";
import type { SceneReport } from "./types.ts";

const ROUTES: Readonly<Record<SceneReport["route"], string>> = {
  "drop-in": "The .blend was sent unchanged, with the caches next to it.",
  "re-point": "A copy of the .blend was sent, which reads the caches packed with it.",
  assemble: "EXPERIMENTAL: Blender made a .blend from the export.",
};
const KINDS = { texture: "Textures", reference: "References", audio: "Sound", file: "Other files" } as const;

/** Writes `report.json` for programs and `report.txt` for people. @returns the path of the text */
export async function writeReport(folder: string, report: SceneReport): Promise<string> {
  const path = join(folder, "report.txt");
  await replaceFile(join(folder, "report.json"), `${JSON.stringify(report, undefined, 2)}\n`);
  await replaceFile(path, reportText(report));
  return path;
}

/** @returns a one-line summary, or undefined if there is nothing to report */
export function summarize({ warnings, staysBehind, loss }: SceneReport): string | undefined {
  const losses = loss?.losses.length ?? 0;
  const parts = [
    warnings.length > 0 && count(warnings.length, "warning"),
    losses > 0 && `${losses === 1 ? "1 loss" : `${losses} losses`} on the way to Blender`,
    staysBehind.length > 0 &&
      `${count(staysBehind.length, "file")} of the Maya scene that Blender does not get`,
  ].filter((part) => part !== false);
  return parts.length > 0 ? `${parts.join(", ")}.` : undefined;
}

export function reportText(report: SceneReport): string {
  return [
    ROUTES[report.route],
    list("Warnings", report.warnings),
    list("What was set", report.notes),
    report.loss && lossText(report.loss),
    staysBehindText(report.staysBehind),
    list("In the archive", report.packed),
  ]
    .filter((part) => part)
    .join("\n\n")
    .concat("\n");
}

function list(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : [`${title}:`, ...lines.map((line) => `- ${line}`)].join("\n");
}

/** Grouped by kind, since an artist does the same thing for all textures. */
function staysBehindText(dependencies: SceneReport["staysBehind"]): string {
  const groups = Map.groupBy(dependencies, ({ kind }) => kind);
  const parts = [...groups].map(([kind, entries]) => {
    const reasons = [...new Set(entries.map(({ why }) => why))];
    const lines = entries.map(({ path, node, isMissing }) => {
      const where = node ? ` (${node})` : "";
      return `${path}${where}${isMissing ? ", MISSING in Maya too" : ""}`;
    });
    return list(`${KINDS[kind]} that stay in Maya. ${reasons.join(" ")}`.replace(/\.$/, ""), lines);
  });
  return parts.join("\n\n");
}

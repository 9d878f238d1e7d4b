import { compactFrames } from "../frame-ranges/index.ts";
import type { DownloadSummary } from "../outputs/download-event.ts";
import { count } from "../text/format.ts";
import { foreignLine } from "../text/terminal-text.ts";

/** Nobody reads more. */
const MAX_FILES_TOLD = 10;

/** Something that a download lacks. */
export interface Shortfall {
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

type Summary = Pick<DownloadSummary, "missingFrames" | "missingParts" | "failedFiles">;

/**
 * What is missing from a download, in words. Empty if it is complete.
 *
 * @example
 * const summary = await client.download(jobId, { outDir: "renders" });
 * for (const { message, hint } of describeShortfall(summary)) console.warn(message, hint);
 */
export function describeShortfall({ missingFrames, missingParts, failedFiles }: Summary): Shortfall[] {
  const shortfalls: Shortfall[] = [];
  if (missingFrames.length > 0) {
    shortfalls.push({
      message: `The job has no files for some of the frames: ${missingParts.join("; ")}.`,
      hint: `Submit the scene again with only these frames: ${compactFrames(missingFrames)}.`,
    });
  }
  if (failedFiles.length > 0) {
    const told = failedFiles
      .slice(0, MAX_FILES_TOLD)
      .map(({ relativePath, reason }) => foreignLine(`${relativePath}: ${reason}`));
    const rest = failedFiles.length - told.length;
    shortfalls.push({
      message: [
        `${count(failedFiles.length, "file")} could not be downloaded.`,
        ...told,
        ...(rest > 0 ? [`… and ${count(rest, "more file")}.`] : []),
      ].join("\n"),
      hint: "Download again with the same job id: only the missing files are downloaded, and nothing is rendered again.",
    });
  }
  return shortfalls;
}

/**
 * Whether everything that was expected is there.
 *
 * @example
 * if (!isComplete(await client.download(jobId, { outDir: "renders" }))) process.exitCode = 10;
 */
export function isComplete({ missingFrames, failedFiles }: Summary): boolean {
  return missingFrames.length === 0 && failedFiles.length === 0;
}

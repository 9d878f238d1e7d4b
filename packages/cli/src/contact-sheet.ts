import { resolve } from "node:path";
import type { DownloadSummary } from "@renderjuice/core";
import { count, frameFiles } from "@renderjuice/core/adapter";

/** Draws the frames of a download, if there are any. @returns the path of the sheet */
export async function drawSheet(
  downloads: DownloadSummary,
  contactSheet: string | undefined,
): Promise<string | undefined> {
  const frames = frameFiles(downloads).map(({ path }) => path);
  if (contactSheet === undefined || frames.length === 0) return undefined;
  const outFile = resolve(contactSheet);
  // Loaded only when needed: image libraries are large.
  const { createContactSheet } = await import("@renderjuice/frames");
  await createContactSheet({ files: frames, outFile });
  return outFile;
}

/** What was downloaded, and the sheet that was drawn. */
export function describeFiles({ files, outDir }: DownloadSummary, sheet: string | undefined): string {
  const text = `${count(files.length, "file")} in ${outDir}`;
  return sheet === undefined ? text : `${text}\nContact sheet: ${sheet}`;
}
